namespace StreamInsight.Definitions;

/// <summary>Whether contact policy binds an action. Only commercial ones are held out, capped and paused.</summary>
public enum ActionClass : byte
{
    Commercial,
    Transactional,
    Mandatory,
}
