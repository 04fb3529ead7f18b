using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Sends runs of messages to one topic, each run whole and in order: the producer is idempotent and no message is ever given up alone, so a later message of a key
/// cannot overtake an earlier one. A run that gets no answer for too long is given up as a whole; the caller sends it again from its first message.
/// One caller at a time.
/// </summary>
internal sealed class OrderedProducer(KafkaOptions options, string topic) : IDisposable
{
    private IProducer<byte[]?, byte[]>? _producer;

    /// <summary>Tells their offsets.</summary>
    public async Task<long[]> SendAsync(IReadOnlyList<OutgoingRecord> messages, CancellationToken cancel)
    {
        if (messages.Count == 0)
            return [];
        var run = new Run(messages.Count);
        try
        {
            _producer ??= Build();
            for (int i = 0; i < messages.Count; i++)
                await ProduceAsync(messages[i], run.ReportOf(i), cancel).ConfigureAwait(false);
            return await run.Done.WaitAsync(options.DeliveryTimeout, cancel).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // What is still under way must not arrive after the same messages are sent again.
            _producer?.Dispose();
            _producer = null;
            if (e is TimeoutException)
                throw new DependencyUnavailableException($"Kafka at {options.Servers} took no messages for topic {topic} within {options.DeliveryTimeout.TotalSeconds:0} s; trying again.", e) { MayPass = true };
            if (e is KafkaException kafka)
                throw new DependencyUnavailableException($"Kafka at {options.Servers} refused a message for topic {topic}: {kafka.Error.Reason}; trying again.", e) { MayPass = true };
            throw;
        }
    }

    public void Dispose() => _producer?.Dispose();

    private async ValueTask ProduceAsync(OutgoingRecord record, Action<DeliveryReport<byte[]?, byte[]>> report, CancellationToken cancel)
    {
        var deadline = Environment.TickCount64 + (long)options.DeliveryTimeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                _producer!.Produce(new TopicPartition(topic, record.To), record.Message, report);
                return;
            }
            catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                if (Environment.TickCount64 > deadline)
                    throw new TimeoutException();
                await Task.Delay(5, cancel).ConfigureAwait(false);
            }
        }
    }

    private IProducer<byte[]?, byte[]> Build()
    {
        NativeLibrdkafka.EnsureLoaded();
        var settings = KafkaConnection.Settings(options);
        settings["enable.idempotence"] = "true";
        settings["acks"] = "all";
        settings["message.timeout.ms"] = "0"; // never alone: see the class
        settings["linger.ms"] = "2";
        return new ProducerBuilder<byte[]?, byte[]>(settings.WithOwn(options))
            .SetErrorHandler((_, error) => options.Warn?.Invoke(KafkaConnection.Describe(error)))
            .SetLogHandler((_, _) => { })
            .Build();
    }

    /// <summary>Counts the reports of one run; done with the last, or with the first error.</summary>
    private sealed class Run(int count)
    {
        private readonly TaskCompletionSource<long[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long[] _offsets = new long[count];
        private int _left = count;

        public Task<long[]> Done => _done.Task;

        public Action<DeliveryReport<byte[]?, byte[]>> ReportOf(int index) => report =>
        {
            if (report.Error.IsError)
            {
                _done.TrySetException(new KafkaException(report.Error));
                return;
            }
            _offsets[index] = report.Offset.Value;
            if (Interlocked.Decrement(ref _left) == 0)
                _done.TrySetResult(_offsets);
        };
    }
}
