namespace StreamInsight.Webhooks;

/// <summary>Where triggers are kept that were given up: the dead letters of webhooks.</summary>
public interface IUndelivered
{
    /// <summary>Durable on return. The same fact for the same subscriber again changes nothing. Any thread.</summary>
    void Keep(UndeliveredFact fact);
}
