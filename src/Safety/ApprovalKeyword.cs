using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>The word that a person types for one ORANGE call; kept as a hash, compared in constant time.</summary>
public sealed class ApprovalKeyword
{
    public const int Shortest = 6;
    public const int Longest = 128;
    private readonly Works _works;

    internal ApprovalKeyword(Works works) => _works = works;

    public bool IsSet => _works.Store.Write(w => w.Switches.KeywordSet);

    /// <summary>Whether it is set, and until when no word is taken after too many wrong ones.</summary>
    public (bool Set, DateTimeOffset? LockedUntil) State => _works.Store.Write(w => (w.Switches.KeywordSet, w.Switches.KeywordLockedUntil(_works.Clock.Now)));

    /// <summary>Takes it away for whoever has the machine itself in hand; false when there was none.</summary>
    public bool ForgetAtHost() => _works.Store.Write(w =>
    {
        if (!w.Switches.KeywordSet) return false;
        w.Switches.ClearKeyword();
        w.Audit.Append(new AuditEntry
        {
            Id = _works.NewId(), Part = AuditPart.Decision, Kind = "host", Actor = "host", Channel = "cli", Tool = "", Tier = Tier.Black,
            Verdict = "KEYWORD_CLEARED", Approval = "", Digest = "", Payload = "{}",
        });
        return true;
    });

    /// <summary>Sets another one, or takes it away when null; administrators alone.</summary>
    public async Task<Verdict> SetAsync(string? keyword, Caller by, CancellationToken cancellationToken)
    {
        if (by is not Caller.Operator { Role: Role.Admin } person || await _works.Host.RoleOf(person.User, cancellationToken) != Role.Admin)
        {
            return new(VerdictCode.DenyRole, "Only a signed-in administrator sets the approval keyword.");
        }
        return Store(keyword, person);
    }

    private Verdict Store(string? keyword, Caller.Operator by)
    {
        if (keyword is not null && (keyword.Length is < Shortest or > Longest || keyword.Any(char.IsControl)))
        {
            return new(VerdictCode.DenyArgs, $"The keyword must have {Shortest} to {Longest} characters, and no control characters.");
        }
        try
        {
            return _works.Store.Write(w =>
            {
                if (keyword is null) w.Switches.ClearKeyword();
                else w.Switches.SetKeyword(keyword, _works.Options.KeywordRounds);
                w.Audit.Append(Works.Entry(_works.NewId(), AuditPart.Decision, by, new Turn("settings", ""), "", Tier.Black, keyword is null ? "KEYWORD_CLEARED" : "KEYWORD_SET", []));
                return new Verdict(VerdictCode.AllowLogged, keyword is null ? "ORANGE calls are refused until one is set." : "The keyword is set.");
            });
        }
        catch (StoreUnavailableException e)
        {
            return new(VerdictCode.DenyState, e.Message);
        }
    }
}
