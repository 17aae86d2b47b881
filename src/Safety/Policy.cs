namespace Jarvis.Safety;

/// <summary>The rules that administrators set while the server runs. What is protected by the configuration stays so: they add
/// to it, and their limits take the place of the configured ones.</summary>
public sealed record Policy
{
    private const int MostRules = 200;
    private const int LongestText = 100;

    public required IReadOnlyList<TargetRule> Protected { get; init; }

    /// <summary>Targets of which the person whose call it is may not approve it: another must.</summary>
    public required IReadOnlyList<TargetRule> TwoPersons { get; init; }

    /// <summary>Writes of one model, key or MCP client on one cluster in an hour.</summary>
    public required int WritesPerHour { get; init; }

    /// <summary>Writes of all runbooks for one incident in an hour.</summary>
    public required int WritesPerIncident { get; init; }

    /// <summary>Approvals that one caller may ask for in a minute.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>Minutes that a call waits for a person.</summary>
    public required int ApprovalMinutes { get; init; }

    internal static Policy Of(SafetyOptions configured) => new()
    {
        Protected = [],
        TwoPersons = [],
        WritesPerHour = configured.WritesPerHour,
        WritesPerIncident = configured.WritesPerIncident,
        RequestsPerMinute = configured.RequestsPerMinute,
        ApprovalMinutes = (int)Math.Ceiling(configured.ApprovalLives.TotalMinutes),
    };

    internal SafetyOptions Over(SafetyOptions configured) => configured with
    {
        Protected = [.. configured.Protected, .. Protected],
        TwoPersons = [.. configured.TwoPersons, .. TwoPersons],
        WritesPerHour = WritesPerHour,
        WritesPerIncident = WritesPerIncident,
        RequestsPerMinute = RequestsPerMinute,
        ApprovalLives = TimeSpan.FromMinutes(ApprovalMinutes),
    };

    /// <summary>What is wrong with it and what is legal, or null.</summary>
    internal string? Wrong() =>
        WritesPerHour is < 1 or > 10_000 ? "writesPerHour must be 1 to 10000."
        : WritesPerIncident is < 1 or > 100 ? "writesPerIncident must be 1 to 100."
        : RequestsPerMinute is < 1 or > 1_000 ? "requestsPerMinute must be 1 to 1000."
        : ApprovalMinutes is < 1 or > 60 ? "approvalMinutes must be 1 to 60."
        : Protected is null || Protected.Count > MostRules ? $"protected takes at most {MostRules} rules."
        : TwoPersons is null || TwoPersons.Count > MostRules ? $"twoPersons takes at most {MostRules} rules."
        : Protected.Concat(TwoPersons).Select(Wrong).FirstOrDefault(w => w is not null);

    private static string? Wrong(TargetRule? rule) =>
        rule is not { Kind: Kind.Guest or Kind.Node or Kind.Storage } ? "A rule has a kind: guest, node or storage."
        : (rule.Id ?? rule.Name ?? rule.Tag ?? rule.Pool) is null ? "A rule says which by at least one of id, name, tag and pool."
        : rule.Kind != Kind.Guest && (rule.Tag ?? rule.Pool) is not null ? "Only guests have a tag or a pool."
        : rule is { Kind: Kind.Guest, Id: { } id } && !(long.TryParse(id, System.Globalization.NumberStyles.None, null, out var number) && VmId.TryCreate(number, out _) && id[0] != '0')
            ? "The id of a guest is its number, 100 to 999999999."
        : new[] { rule.Cluster, rule.Id, rule.Name, rule.Tag, rule.Pool, rule.Why }.Any(t => t is not null && (t.Length is 0 or > LongestText || t.Any(char.IsControl)))
            ? $"Each text of a rule has 1 to {LongestText} characters, and no control characters."
        : null;
}

/// <summary>A policy in force, and who set it when.</summary>
public sealed record PolicyState(Policy Policy, string By, DateTimeOffset At, string Version);
