using System.Text;

namespace StreamInsight.Pipeline;

/// <content>States as the store has them, also those that cannot be read.</content>
public sealed partial class LocalCustomerHost
{
    private CustomerState? Load(int slot)
    {
        Seat seat = _seats[slot];
        if (seat.Customer is null && seat.IsStored)
        {
            seat.IsStored = false;
            string id = _ids.Name(slot);
            if (_store.LoadCustomer(id) is { } row)
            {
                seat.Customer = Decode(row, out string? fault);
                if (fault is null)
                    _inMemory++;
                else
                    Stop(seat, id, fault, row);
            }
        }

        return seat.Customer;
    }

    /// <summary>The state of one row; a row that is no state of this model gives null and why. Whatever a damaged row makes the codec do stays in here.</summary>
    private CustomerState? Decode(ReadOnlySpan<byte> row, out string? fault)
    {
        try
        {
            CustomerState customer = StateCodec.Decode(row, Model);
            fault = null;
            return customer;
        }
        catch (InvalidDataException error)
        {
            fault = error.Message;
        }
        catch (Exception error) when (error is ArgumentException or OverflowException or IndexOutOfRangeException or InvalidOperationException or NullReferenceException)
        {
            fault = $"State: {error.GetType().Name} while reading it.";
        }
        return null;
    }

    /// <summary>One bad row stops its customer and nobody else: the row is set aside, the customer's records are refused, so that they can be put back later.</summary>
    private void Stop(Seat seat, string id, string fault, byte[] row)
    {
        seat.IsStopped = true;
        _stopped.Add(id);
        _quarantined.Add(new QuarantinedCustomer(id, fault, row));
        _removedCustomers.Add(id);
        CustomerCount--;
    }

    /// <summary>At every start: a release that can read what an earlier one could not goes on with the customer.</summary>
    private void TryRelease(QuarantinedCustomer customer)
    {
        if (Decode(customer.State.Span, out string? fault) is not { } state || fault is not null)
        {
            _stopped.Add(customer.Id);
            return;
        }
        int slot = SlotOf(Encoding.UTF8.GetBytes(customer.Id));
        _seats[slot].IsStored = false;
        Admit(slot, state);
        Touched(slot);
        _released.Add(customer.Id);
    }

    internal bool IsStopped(int slot)
    {
        int root = _ids.Root(slot);
        if (_seats[root].IsHome)
            Load(root);
        return _seats[root].IsStopped;
    }
}
