using StreamInsight.Definitions;
using StreamInsight.Server.Configuration;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Service;

/// <summary>The model's subscribers that a trigger names, with their secrets.</summary>
internal static partial class Subscribers
{
    /// <summary>Throws <see cref="WrongInputException"/> with every fault of theirs.</summary>
    public static IReadOnlyList<Subscriber> Read(ModelDefinition model, InsightOptions options, ILogger log)
    {
        if (options.Webhooks is not { } webhooks)
            return [];
        var faults = new List<string>();
        var found = new List<Subscriber>();
        foreach (SubscriberDefinition subscriber in model.Subscribers.Where(subscriber => model.Triggers.Any(trigger => trigger.To.Contains(subscriber.Name))))
        {
            var url = new Uri(subscriber.Url);
            string where = $"{options.ModelPath}:{subscriber.Mark.Line}:{subscriber.Mark.Column}: subscribers.{subscriber.Name}";
            if (NetworkGuard.Fault(url, webhooks) is { } fault)
                faults.Add($"{where}.url: {fault}");
            if (ReadSecrets(subscriber, options, where, faults) is not { } secrets)
                continue;
            if (secrets.AreWeak)
                LogWeak(log, subscriber.Name, subscriber.SecretEnv!);
            found.Add(new Subscriber(subscriber.Name, url, secrets));
        }
        return faults.Count == 0 ? found : throw new WrongInputException(faults);
    }

    private static SigningSecrets? ReadSecrets(SubscriberDefinition subscriber, InsightOptions options, string where, List<string> faults)
    {
        if (subscriber.SecretEnv is not { } variable)
        {
            faults.Add($"{where}: secret_env is missing; webhooks are always signed. Name the environment variable that holds whsec_ and the base64 of 24 random bytes or more.");
            return null;
        }
        string? value = options.Variable(variable);
        if (string.IsNullOrWhiteSpace(value))
            faults.Add($"{where}.secret_env: the environment variable {variable} is not set. It holds whsec_ and the base64 of 24 random bytes or more: printf 'whsec_%s' \"$(openssl rand -base64 32)\"");
        else if (SigningSecrets.Parse(value) is { } secrets)
            return secrets;
        else
            faults.Add($"{where}.secret_env: the environment variable {variable} does not hold a signing secret; allowed is whsec_ and base64, several separated by spaces. (Its value is not shown.)");
        return null;
    }

    [LoggerMessage(EventId = 33, Level = LogLevel.Warning, Message = "The signing secret of subscriber {Subscriber} ({Variable}) has less than 24 bytes: easier to guess than it should be.")]
    private static partial void LogWeak(ILogger log, string subscriber, string variable);
}
