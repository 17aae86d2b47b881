using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Safety.Arguments;

namespace Jarvis.Safety;

/// <summary>A call whose arguments are typed, whose targets are known, and which was not judged yet.</summary>
internal sealed record Prepared
{
    public required Tool Tool { get; init; }
    public required object?[] Values { get; init; }

    /// <summary>The arguments in their one spelling, names resolved to numbers.</summary>
    public required string Canonical { get; init; }

    /// <summary>Over tool, arguments and the version of the policy.</summary>
    public required string Digest { get; init; }
    public required Tier Tier { get; init; }
    public required string? RaisedBecause { get; init; }
    public required IReadOnlyList<Touched> Touched { get; init; }
    public required IReadOnlyList<Consequence> Consequences { get; init; }
    public required Plan? Plan { get; init; }

    /// <summary>Why it cannot be, as its target is now; null when it can.</summary>
    public string? Wrong { get; init; }

    public string Cluster => Touched.FirstOrDefault(t => t.State.Target.Cluster.Length > 0)?.State.Target.Cluster ?? "";

    /// <summary>Over the state of all that is touched, and the names of what it holds.</summary>
    public string Fingerprint => Hash(string.Join('\n', Touched.Select(t =>
        $"{t.State.Target}|{t.Effect}|{t.State.Fingerprint}|{string.Join(',', t.State.Holds.Select(h => h.Target.ToString()).Order(StringComparer.Ordinal))}")));

    /// <summary>What a person who read the plan has seen: this call on these targets as they were.</summary>
    public string Seen => Hash($"{Digest}\n{Fingerprint}");

    public string TargetsText => string.Join(", ", Touched.Select(t => t.State.Target.ToString()));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Binds, resolves, raises, plans and foresees; changes nothing.</summary>
internal sealed class Preparation(ToolCatalogue catalogue, HostDelegates host, TimeProvider time)
{
    private const int MostTargets = 500;

    /// <summary>Targets of a plan that are looked at side by side.</summary>
    private const int AtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="MalformedException">The arguments are not what the tool takes, or name what does not exist.</exception>
    public async Task<Prepared> PrepareAsync(Tool tool, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var bound = Binder.Bind(tool.Fields, json.Span);
        var touched = new List<Touched>();
        var values = await ResolveAsync(tool, bound, touched, stop.Token);
        if (touched.Count == 0 && tool.Tier > Tier.Green && !tool.ClusterWide) throw new MalformedException($"{tool.Name} must name what it touches.");
        var raised = tool.RaisedBy(values);
        var tier = raised is not null && raised.Tier > tool.Tier ? raised.Tier : tool.Tier;
        var acts = tier is > Tier.Green and < Tier.Black;
        var (plan, wrong) = ((Plan?)null, (string?)null);
        try
        {
            plan = acts ? await tool.PlanAsync(values, stop.Token) : null;
        }
        catch (WrongStateException e)
        {
            wrong = e.Message;
        }

        if (plan is { Touches.Count: > 0 }) await AddAsync(touched, plan.Touches, stop.Token);
        var consequences = acts ? await host.Foresee(new Intended(tool.Name, touched), stop.Token) : [];
        var canonical = Encoding.UTF8.GetString(CanonicalJson.Of(tool.Fields, values));
        return new Prepared
        {
            Tool = tool,
            Values = values,
            Canonical = canonical,
            Digest = Prepared.Hash($"{tool.Name}\n{catalogue.Version}\n{canonical}"),
            Tier = tier,
            RaisedBecause = tier > tool.Tier ? raised!.Why : null,
            Touched = touched,
            Consequences = consequences,
            Plan = plan,
            Wrong = wrong,
        };
    }

    private async Task<object?[]> ResolveAsync(Tool tool, object?[] bound, List<Touched> touched, CancellationToken cancellationToken)
    {
        var at = tool.Fields.Members.Index().FirstOrDefault(m => m.Item.Type == typeof(ClusterKey), (-1, null!)).Index;
        var cluster = at >= 0 ? (bound[at] as ClusterKey?)?.Value : null;
        var node = tool.Fields.Members.Index().Where(m => m.Item is { Name: "node" } && m.Item.Type == typeof(NodeName)).Select(m => bound[m.Index]).FirstOrDefault() as NodeName?;
        var values = await TargetWalk.ReplaceAsync(tool.Fields, bound, async (member, value) =>
        {
            var mark = member.Target!;
            var state = await AddAsync(touched, new TargetQuery(mark.Kind, TargetWalk.TextOf(value), cluster, node?.Value), mark.Effect, cancellationToken);
            if (state.Target.Cluster.Length > 0) cluster ??= state.Target.Cluster;
            return value is GuestRef && VmId.TryCreate(long.TryParse(state.Target.Id, out var id) ? id : 0, out var number) ? GuestRef.Of(number) : value;
        });
        if (at >= 0 && values[at] is null && cluster is not null && ClusterKey.TryParse(cluster, out var key)) values[at] = key;
        return values;
    }

    private async Task AddAsync(List<Touched> touched, IReadOnlyList<PlannedTarget> planned, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<PlannedTarget, IReadOnlyList<TargetState>>();
        await Parallel.ForEachAsync(planned.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (more, stop) => found[more] = await host.Find(more.Query with { Effect = more.Effect }, stop));
        foreach (var more in planned) Add(touched, more.Query, more.Effect, found[more]);
    }

    private async Task<TargetState> AddAsync(List<Touched> touched, TargetQuery query, Effect effect, CancellationToken cancellationToken) =>
        Add(touched, query, effect, await host.Find(query with { Effect = effect }, cancellationToken));

    private static TargetState Add(List<Touched> touched, TargetQuery query, Effect effect, IReadOnlyList<TargetState> found)
    {
        var what = $"{query.Kind.ToString().ToLowerInvariant()} {PlainText.Shown(query.Text, 100)}";
        if (found.Count == 0) throw new MalformedException($"There is no {what}{(query.Cluster is null ? "" : " in " + query.Cluster)}.");
        if (found.Count > 1)
        {
            throw new MalformedException($"{what} may be any of {string.Join(", ", found.Take(20).Select(ProtectedTargets.Label))}; say which by its number and cluster.");
        }
        var state = found[0];
        if (query is { Kind: Kind.Guest, Node: { } node } && state.Node is { } stands && node != stands) throw new MalformedException($"The {what} is on {stands}, not on {node}.");
        if (touched.Count >= MostTargets) throw new MalformedException($"More than {MostTargets} targets in one call.");
        var before = touched.FindIndex(t => t.State.Target == state.Target);
        if (before < 0) touched.Add(new Touched(state, effect));
        else if (touched[before].Effect < effect) touched[before] = new Touched(state, effect);
        return state;
    }
}
