namespace Jarvis.Safety;

/// <summary>The limits and the rules that a household sets.</summary>
public sealed record SafetyOptions
{
    public IReadOnlyList<TargetRule> Protected { get; init; } = [];

    /// <summary>Targets of which the person whose call it is may not approve it: another must.</summary>
    public IReadOnlyList<TargetRule> TwoPersons { get; init; } = [];

    /// <summary>Writes of one caller on one cluster in an hour; a person's own are not counted.</summary>
    public int WritesPerHour { get; init; } = 30;

    /// <summary>Writes of all runbooks for one incident in an hour.</summary>
    public int WritesPerIncident { get; init; } = 3;

    /// <summary>Approvals that one caller may ask for in a minute.</summary>
    public int RequestsPerMinute { get; init; } = 10;

    public TimeSpan ApprovalLives { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a denied call is denied again without a person being asked.</summary>
    public TimeSpan DenialLives { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan BreakGlassLives { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A run that takes longer is answered as running and goes on.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Rounds of PBKDF2 (SHA-512) over the approval keyword.</summary>
    public int KeywordRounds { get; init; } = 210_000;

    /// <summary>How large the text is that a tool's result may be without being cut.</summary>
    public int MostOutputBytes { get; init; } = 64 * 1024;

    /// <summary>Values that are secret here and are blanked wherever they stand.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
