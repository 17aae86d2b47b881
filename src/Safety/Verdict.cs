namespace Jarvis.Safety;

/// <summary>How a call was judged; the names on the wire are stable.</summary>
public enum VerdictCode
{
    Allow, AllowLogged, NeedsFactor, NeedsHuman,
    DenyBlack, DenyArgs, DenyRole, DenyProtected, DenyQuestion, DenyBudget, DenyKill, DenyTaint,
    DenyReplay, DenyExpired, DenyState, DenyPath, DenySsrf,
}

/// <summary>Whose word lets a call above Yellow run.</summary>
public enum Consent { None, Approval, Own, Grant, Standing, BreakGlass }

/// <summary>A judgement and its reason, fit to be shown to the caller.</summary>
public sealed record Verdict(VerdictCode Code, string Why, Consent Consent = Consent.None)
{
    public bool Allows => Code is VerdictCode.Allow or VerdictCode.AllowLogged;

    public bool Waits => Code is VerdictCode.NeedsFactor or VerdictCode.NeedsHuman;

    /// <summary>As in <c>DENY_ARGS</c>.</summary>
    public string Name => NameOf(Code);

    public static string NameOf(VerdictCode code) => code switch
    {
        VerdictCode.Allow => "ALLOW",
        VerdictCode.AllowLogged => "ALLOW_LOGGED",
        VerdictCode.NeedsFactor => "NEEDS_FACTOR",
        VerdictCode.NeedsHuman => "NEEDS_HUMAN",
        VerdictCode.DenyBlack => "DENY_BLACK",
        VerdictCode.DenyArgs => "DENY_ARGS",
        VerdictCode.DenyRole => "DENY_ROLE",
        VerdictCode.DenyProtected => "DENY_PROTECTED",
        VerdictCode.DenyQuestion => "DENY_QUESTION",
        VerdictCode.DenyBudget => "DENY_BUDGET",
        VerdictCode.DenyKill => "DENY_KILL",
        VerdictCode.DenyTaint => "DENY_TAINT",
        VerdictCode.DenyReplay => "DENY_REPLAY",
        VerdictCode.DenyExpired => "DENY_EXPIRED",
        VerdictCode.DenyPath => "DENY_PATH",
        VerdictCode.DenySsrf => "DENY_SSRF",
        _ => "DENY_STATE",
    };
}
