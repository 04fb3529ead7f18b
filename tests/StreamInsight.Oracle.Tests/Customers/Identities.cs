namespace StreamInsight.Oracle.Customers;

/// <summary>One namespace of ids: which are known, and which lead to which.</summary>
public sealed class Identities
{
    private const int Limit = 64;

    private readonly Dictionary<string, string> aliases = [];
    private readonly HashSet<string> known = [];

    public string Root(string id)
    {
        while (aliases.TryGetValue(id, out var next)) id = next;
        return id;
    }

    public void Know(string id) => known.Add(id);

    /// <summary>Links A's root to B's root where that is allowed; the two roots, or null where nothing is linked.</summary>
    public (string From, string Into)? Link(string a, string b, bool isAlias)
    {
        string from = Root(a), into = Root(b);
        if (from == into) return null;
        if (known.Contains(from) && !isAlias) return null;
        if (Ids(from) + Ids(into) > Limit) return null;
        aliases[from] = into;
        return (from, into);
    }

    /// <summary>How many ids lead to a root, itself included.</summary>
    private int Ids(string root) => 1 + aliases.Keys.Count(id => Root(id) == root);
}
