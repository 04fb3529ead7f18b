using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Wire;

/// <summary>How customers stand, on their way from another silo.</summary>
internal static class ViewCodec
{
    public static void Write(WireWriter to, CustomerView? view)
    {
        to.Flag(view is not null);
        if (view is null)
            return;
        to.Text(view.Customer);
        to.Signed(view.Seq);
        to.Signed(view.ClockMs);
        to.Signed(view.HoldsUntilMs);
        to.Flag(view.HasEnded);
        to.Text(view.Stage);
        to.Texts([.. view.Segments]);
        FactCodec.Write(to, view.Routing);
        FactCodec.Write(to, view.Actions);
        FactCodec.Write(to, view.Lookups);
        to.Text(view.Model);
    }

    public static CustomerView? Read(ref WireReader from) => !from.Flag() ? null : new CustomerView
    {
        // In the order in which they were written.
        Customer = from.Word(),
        Seq = from.Signed(),
        ClockMs = from.Signed(),
        HoldsUntilMs = from.Signed(),
        HasEnded = from.Flag(),
        Stage = from.Text(),
        Segments = from.Texts(),
        Routing = FactCodec.ReadRouting(ref from),
        Actions = FactCodec.ReadActions(ref from),
        Lookups = FactCodec.ReadPairs(ref from),
        Model = from.Word(),
    };
}
