using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>Where a test may let something go wrong.</summary>
internal enum Stage { Prepare, Judge, Record, Run, Finish, Decide, Redeem }

/// <summary>What the doors of the kernel share.</summary>
internal sealed class Works
{
    private readonly Lock _ruling = new();
    private volatile bool _stopped;
    private volatile Rules _rules;

    /// <summary>What is configured, what administrators have set, and where this server itself runs; and what these come to.</summary>
    private sealed record Rules(
        SafetyOptions Configured, PolicyState? Policy, IReadOnlyList<TargetRule> Own, SafetyOptions Options, SafetyGate Gate, OutputPolicy Output, Rendering Rendering, string Version);

    public Works(ToolCatalogue catalogue, HostDelegates host, SafetyOptions options, string folder, TimeProvider time)
    {
        host = host with { Tell = Quietly(host.Tell) };
        (Catalogue, Host, Time) = (catalogue, host, time);
        Clock = new SafeClock(time);
        Shelf = new OutputShelf(time);
        _rules = Of(options, null, []);
        Store = new SafetyStore(folder, time, Clock, host.Tell) { Opened = w => Policy = PolicyDesk.Read(w.Switches.Policy()) };
        Preparation = new Preparation(catalogue, host, time);
        Runs = new Runs(this);
    }

    public ToolCatalogue Catalogue { get; }
    public HostDelegates Host { get; }
    public SafetyOptions Options => _rules.Options;

    public SafetyOptions Configured
    {
        get => _rules.Configured;
        set => Rule(r => Of(value, r.Policy, r.Own));
    }

    public PolicyState? Policy
    {
        get => _rules.Policy;
        set => Rule(r => Of(r.Configured, value, r.Own));
    }

    public IReadOnlyList<TargetRule> Own
    {
        get => _rules.Own;
        set => Rule(r => Of(r.Configured, r.Policy, value));
    }

    /// <summary>The version of tools and policy that an approval is bound to.</summary>
    public string PolicyVersion => _rules.Version;

    public TimeProvider Time { get; }
    public SafeClock Clock { get; }
    public SafetyStore Store { get; }
    public SafetyGate Gate => _rules.Gate;
    public Preparation Preparation { get; }
    public OutputShelf Shelf { get; }
    public OutputPolicy Output => _rules.Output;
    public Rendering Rendering => _rules.Rendering;
    public Runs Runs { get; }
    public Action<Stage> Fault { get; set; } = static _ => { };

    /// <summary>Switched on while it could not be stored: on all the same.</summary>
    public bool Stopped
    {
        get => _stopped;
        set => _stopped = value;
    }

    private void Rule(Func<Rules, Rules> change)
    {
        lock (_ruling) _rules = change(_rules);
    }

    private Rules Of(SafetyOptions configured, PolicyState? policy, IReadOnlyList<TargetRule> own)
    {
        var options = policy?.Policy.Over(configured) ?? configured;
        options = options with { Protected = [.. options.Protected, .. own] };
        var output = new OutputPolicy(options.MostOutputBytes, new SecretRedactor(options.Secrets), Shelf);
        return new Rules(configured, policy, own, options, new SafetyGate(new ProtectedTargets(options.Protected)), output, new Rendering(output),
            Prepared.Hash($"{Catalogue.Version}\n{policy?.Version}\n{TwoPersons(options)}"));
    }

    /// <summary>Who must consent is kept with an approval, so it is none of the rules that are judged anew when that is used.</summary>
    private static string TwoPersons(SafetyOptions options) => JsonSerializer.Serialize([.. options.TwoPersons], SafetyJson.Default.ListTargetRule);

    /// <summary>Whoever listens cannot stop what happens.</summary>
    private static Action<Notice> Quietly(Action<Notice> tell) => notice =>
    {
        try
        {
            tell(notice);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    };

    public string NewId() => Guid.CreateVersion7(Time.GetUtcNow()).ToString("N");

    public static string NewApprovalId() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    public static AuditEntry Entry(string id, AuditPart part, Caller caller, Turn turn, string tool, Tier tier, string verdict, JsonObject payload, string approval = "", string digest = "") => new()
    {
        Id = id,
        Part = part,
        Kind = caller.Kind,
        Actor = PlainText.Shown(caller.Actor, 200),
        Channel = PlainText.Shown(turn.Channel, 60),
        Tool = PlainText.Shown(tool, 100),
        Tier = tier,
        Verdict = verdict,
        Approval = approval,
        Digest = digest,
        Payload = payload.ToJsonString(),
    };

    public JsonObject Payload(Prepared? call, Verdict verdict, Caller caller)
    {
        var payload = new JsonObject { ["why"] = PlainText.Shown(Output.Redact(verdict.Why), 1000) };
        if (verdict.Consent != Consent.None) payload["consent"] = verdict.Consent.ToString();
        if (caller.Person is { } person) payload["person"] = PlainText.Shown(person, 100);
        if (caller is Caller.Operator { BreakGlass: { } glass } && verdict.Consent == Consent.BreakGlass) payload["breakGlass"] = PlainText.Shown(Output.Redact(glass.Reason), 500);
        if (call is null) return payload;
        payload["arguments"] = JsonNode.Parse(Output.Arguments(call.Canonical));
        payload["targets"] = new JsonArray([.. call.Touched.Select(t => (JsonNode)ProtectedTargets.Label(t.State))]);
        return payload;
    }
}
