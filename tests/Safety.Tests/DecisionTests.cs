namespace Jarvis.Safety.Tests;

/// <summary>What people are told of decisions, and what follows from them.</summary>
public sealed class DecisionTests : IDisposable
{
    private const string Stop = """{"guest":101}""";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_waits_for_a_key_is_withdrawn_with_it_and_nothing_else()
    {
        var other = await _rig.Wait("stop_vm", Stop, Rig.Model);
        var waiting = await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Mcp);
        Assert.Equal(1, _rig.Kernel.Approvals.Withdraw(Rig.Mcp.Actor, Rig.Anna));
        Assert.Equal((ApprovalState.Denied, ApprovalState.Requested), (_rig.Kernel.Approvals.Find(waiting.Id)!.State, _rig.Kernel.Approvals.Find(other.Id)!.State));
        Assert.Equal(("DENIED", waiting.Id), _rig.Kernel.Audit.Read(limit: 1)[0] is var row ? (row.Verdict, row.Approval) : default);
        Assert.Contains(_rig.World.Notices, n => n.Kind == NoticeKind.ApprovalDecided && n.Id == waiting.Id);
    }

    [Fact]
    public async Task G02_what_was_read_before_it_was_asked_stands_in_the_edited_plan_too()
    {
        var turn = new Turn("chat", "c1") { Reason = "it is idle" };
        turn.Mark("get_notes of guest 102 of lab");
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model, turn);
        var edited = Assert.IsType<ToolOutcome.Waiting>(await _rig.Kernel.Approvals.DecideAsync(approval.Id, new Decision.Edit("""{"guest":102}"""u8.ToArray()), Rig.Otto, Rig.Cancel)).Approval;
        Assert.Equal(turn.Taints, edited.Plan.AskedAfterReading);
        Assert.Equal("it is idle", edited.Plan.ModelSays);
    }

    [Fact]
    public async Task A_denial_is_told_with_its_reason()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        Assert.Equal(("DENY_REPLAY", "Denied by otto: not now."), await _rig.Deny(approval, "not now") is var told ? (Rig.Code(told), told.Verdict.Why) : default);
        approval = await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model);
        Assert.Equal("Denied by otto.", (await _rig.Deny(approval)).Verdict.Why);
    }
}
