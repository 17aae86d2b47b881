namespace Jarvis.Safety.Tests;

/// <summary>Which targets a rule is about, and what is touched when one is named.</summary>
public sealed class TargetTests : IDisposable
{
    private static readonly TargetState Web = new() { Target = new Target("lab", Kind.Guest, "101"), Name = "web", Tags = ["prod"], Pool = "core", Fingerprint = "" };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    public static TheoryData<TargetRule, bool> Rules => new()
    {
        { new TargetRule { Kind = Kind.Guest }, false },
        { new TargetRule { Kind = Kind.Guest, Cluster = "lab" }, false },
        { new TargetRule { Kind = Kind.Guest, Id = "101" }, true },
        { new TargetRule { Kind = Kind.Node, Id = "101" }, false },
        { new TargetRule { Kind = Kind.Guest, Id = "101", Cluster = "lab" }, true },
        { new TargetRule { Kind = Kind.Guest, Id = "101", Cluster = "other" }, false },
        { new TargetRule { Kind = Kind.Guest, Id = "102" }, false },
        { new TargetRule { Kind = Kind.Guest, Name = "WEB" }, true },
        { new TargetRule { Kind = Kind.Guest, Name = "db" }, false },
        { new TargetRule { Kind = Kind.Guest, Tag = "Prod" }, true },
        { new TargetRule { Kind = Kind.Guest, Tag = "test" }, false },
        { new TargetRule { Kind = Kind.Guest, Pool = "core" }, true },
        { new TargetRule { Kind = Kind.Guest, Pool = "other" }, false },
        { new TargetRule { Kind = Kind.Guest, Id = "101", Name = "db" }, false },
        { new TargetRule { Kind = Kind.Guest, Name = "web", Tag = "test" }, false },
        { new TargetRule { Kind = Kind.Guest, Tag = "prod", Pool = "other" }, false },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_about_what_fits_all_that_it_gives(TargetRule rule, bool fits) => Assert.Equal(fits, rule.Fits(Web));

    [Fact]
    public async Task A_protected_target_is_named_with_the_reason()
    {
        Assert.Equal("guest 100 of lab (jarvis) is protected: it has the tag jarvis-protected.", await Why("stop_vm", """{"guest":100}"""));
        Assert.Equal("node pve1 of lab holds guest 100 of lab (jarvis), which is protected: it has the tag jarvis-protected.", await Why("reboot_node", """{"node":"pve1"}"""));
        _rig.Kernel.Options = _rig.Kernel.Options with { Protected = [new TargetRule { Kind = Kind.Guest, Id = "101" }] };
        Assert.Equal("guest 101 of lab (web) is protected: it is protected by the configuration.", await Why("stop_vm", """{"guest":101}"""));
    }

    [Fact]
    public async Task A_target_named_twice_is_touched_once_and_by_the_worst()
    {
        var approval = await _rig.Wait("stop_many", """{"selector":{"tag":"prod","names":["web",101,"web"]}}""", Rig.Model);
        Assert.Equal(["guest 101 of lab (web)", "guest 102 of lab (db)"], approval.Plan.Targets.Select(t => t.Text));
        using var rig = new Rig();
        using var kernel = new SafetyKernel(ToolCatalogue.Of(new Pairs()), rig.World.Host, rig.Options, Path.Combine(rig.Folder, "pairs"), rig.Time);
        foreach (var json in new[] { """{"kept":101,"gone":101}""", """{"gone":101,"kept":"web"}""" })
        {
            var outcome = await kernel.Invoker.InvokeAsync("swap", System.Text.Encoding.UTF8.GetBytes(json), Rig.Model, rig.Turn, Rig.Cancel);
            Assert.Equal(Effect.Removes, Assert.Single(Assert.IsType<ToolOutcome.Waiting>(outcome).Approval.Plan.Targets).Effect);
        }
        var two = await kernel.Invoker.InvokeAsync("join", """{"gone":101,"kept":"web"}"""u8.ToArray(), Rig.Model, rig.Turn, Rig.Cancel);
        Assert.Equal(Effect.Removes, Assert.Single(Assert.IsType<ToolOutcome.Waiting>(two).Approval.Plan.Targets).Effect);
    }

    private sealed class Pairs
    {
        private int _calls;

        [Tool(Tier.Red, Outside = false), System.ComponentModel.Description("Swaps.")]
        public int Swap([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef kept, [Target(Kind.Guest)] GuestRef gone) => _calls += kept.Id.Value - gone.Id.Value;

        [Tool(Tier.Red, Outside = false), System.ComponentModel.Description("Joins.")]
        public int Join([Target(Kind.Guest)] GuestRef gone, [Target(Kind.Guest, Effect = Effect.Adds)] GuestRef kept) => _calls += kept.Id.Value - gone.Id.Value;
    }

    [Fact]
    public async Task No_more_targets_are_touched_than_a_person_can_read()
    {
        for (var i = 1000; i < 1499; i++) Add(i);
        Assert.IsType<ToolOutcome.Waiting>(await _rig.Invoke("stop_many", """{"selector":{"tag":"many","names":[102]}}""", Rig.Otto));
        Add(1499);
        Assert.IsType<ToolOutcome.Waiting>(await _rig.Invoke("stop_many", """{"selector":{"tag":"many"}}""", Rig.Otto));
        await _rig.Refused("DENY_ARGS", "stop_many", """{"selector":{"tag":"many","names":[102]}}""", Rig.Otto);

        void Add(int vmid) => _rig.World.Guests[vmid] = new TargetState { Target = new Target("lab", Kind.Guest, $"{vmid}"), Tags = ["many"], Fingerprint = "" };
    }

    [Fact]
    public async Task A_lab_that_does_not_answer_is_not_waited_for()
    {
        var asked = new TaskCompletionSource();
        var host = _rig.World.Host with
        {
            Find = async (_, stop) =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return [];
            },
        };
        using var kernel = new SafetyKernel(ToolCatalogue.Of(new RigTools(_rig.World)), host, _rig.Options, Path.Combine(_rig.Folder, "silent"), _rig.Time);
        var call = kernel.Invoker.InvokeAsync("start_vm", """{"guest":101}"""u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel);
        await asked.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("DENY_STATE", Rig.Code(await call));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task Whoever_listens_and_throws_stops_nothing()
    {
        var host = _rig.World.Host with { Tell = _ => throw new InvalidOperationException("nobody is at home") };
        using var kernel = new SafetyKernel(ToolCatalogue.Of(new RigTools(_rig.World)), host, _rig.Options, Path.Combine(_rig.Folder, "deaf"), _rig.Time);
        Assert.IsType<ToolOutcome.Completed>(await kernel.Invoker.InvokeAsync("start_vm", """{"guest":101}"""u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel));
        Assert.True((await kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel)).Allows);
    }

    private async Task<string> Why(string tool, string json) => Assert.IsType<ToolOutcome.Refused>(await _rig.Invoke(tool, json, Rig.Otto)).Why;
}
