using System.ComponentModel;
using System.Text;

namespace Jarvis.Safety.Tests;

/// <summary>How a run may end, what is written down of it, and what is told.</summary>
public sealed class EndTests : IDisposable
{
    private const string Guest = """{"guest":101}""";
    private static readonly Caller Sure = Rig.Otto with { Confirmed = true };
    private readonly Rig _rig = new();
    private readonly Ways _ways = new();
    private readonly SafetyKernel _kernel;

    public EndTests() => _kernel = Kernel(_rig.World.Host);

    public void Dispose()
    {
        _kernel.Dispose();
        _rig.Dispose();
    }

    private SafetyKernel Kernel(HostDelegates host, string folder = "ends") => new(ToolCatalogue.Of(_ways), host, _rig.Options, Path.Combine(_rig.Folder, folder), _rig.Time);

    private Task<ToolOutcome> Invoke(string tool, Caller? caller = null, Turn? turn = null, SafetyKernel? kernel = null, CancellationToken? stop = null) =>
        (kernel ?? _kernel).Invoker.InvokeAsync(tool, Encoding.UTF8.GetBytes(Guest), caller ?? Sure, turn ?? _rig.Turn, stop ?? Rig.Cancel);

    /// <summary>Tools that end in every way there is.</summary>
    public sealed class Ways
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool? Cancelled { get; private set; }

        [Tool(Tier.Red, Outside = false, TimeoutSeconds = 30), Description("Goes on until it is stopped, and says whether somebody wanted that.")]
        public async Task GoOnAsync([Target(Kind.Guest)] GuestRef guest, ToolRun run, CancellationToken cancellationToken)
        {
            run.Started($"UPID:pve1:{guest.Id}\n");
            run.Progress("so far");
            await WaitAsync(run, cancellationToken);
        }

        [Tool(Tier.Green, Outside = true, TimeoutSeconds = 30), Description("Reads until it is stopped.")]
        public Task ReadOnAsync([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest, ToolRun run, CancellationToken cancellationToken)
        {
            run.Started($"UPID:pve1:{guest.Id}");
            return WaitAsync(run, cancellationToken);
        }

        [Tool(Tier.Green, Outside = false), Description("Reads and loses the answer.")]
        public string ReadLost([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest) => throw new OutcomeUnknownException($"the answer about {Seen(guest)} was lost");

        [Tool(Tier.Red, Outside = false, SnapshotFirst = true, TimeoutSeconds = 30), Description("Changes after a snapshot.")]
        public string Change([Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest)
        {
            Entered.TrySetResult();
            return $"changed {guest}";
        }

        [Tool(Tier.Red, Outside = false, SnapshotFirst = true), Description("Changes nothing after a snapshot, or nobody knows.")]
        public string ChangeBadly([Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, bool lost) =>
            throw (lost ? new OutcomeUnknownException($"the answer about {Seen(guest)} was lost") : new InvalidOperationException("no room"));

        [Tool(Tier.Red, Outside = false), Description("Gives what cannot be shown.")]
        public Loop GiveLoop([Target(Kind.Guest)] GuestRef guest)
        {
            var loop = new Loop { Name = Seen(guest) };
            loop.Next = loop;
            return loop;
        }

        [Tool(Tier.Red, Outside = false), Description("Fails at length.")]
        public string FailLong([Target(Kind.Guest)] GuestRef guest) => throw new InvalidOperationException(Seen(guest) + new string('x', 10_000));

        private string Seen(GuestRef guest)
        {
            Entered.TrySetResult();
            return guest.ToString();
        }

        private async Task WaitAsync(ToolRun run, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Cancelled = run.Cancelled;
            }
        }
    }

    public sealed class Loop
    {
        public required string Name { get; init; }
        public Loop? Next { get; set; }
    }

    [Fact]
    public async Task I09_a_write_past_its_time_is_unknown_with_its_task_and_what_began_it_is_left_alone()
    {
        var call = Invoke("go_on", turn: new Turn("test", "c1"));
        await _ways.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var running = Assert.IsType<ToolOutcome.Running>(await call);
        Assert.Equal(new RunProgress("so far", null), running.Progress);
        var id = running.AuditId;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        while (_kernel.Invoker.Find(id) is ToolOutcome.Running) await Task.Yield();
        var ended = Assert.IsType<ToolOutcome.Unknown>(_kernel.Invoker.Find(id));
        Assert.Equal(("go_on was stopped while it ran: it took longer than 30 s.", "UPID:pve1:101\\n"), (ended.Why, ended.Upid));
        Assert.False(_ways.Cancelled);
        Assert.Equal(ApprovalState.Unknown, Assert.Single(_kernel.Approvals.List(openOnly: false)).State);
        Assert.Equal("""{"outcome":"Unknown","milliseconds":30000,"upid":"UPID:pve1:101\\n","text":"go_on was stopped while it ran: it took longer than 30 s."}""", _kernel.Audit.Of(id)[1].Text);
        Assert.Equal(["go_on: Unknown"], _rig.World.Notices.Where(n => n.Kind == NoticeKind.RunEnded && n.Id == id).Select(n => n.Text));
        Assert.False(_kernel.Invoker.Cancel(id, Rig.Otto));
    }

    [Fact]
    public async Task Who_follows_a_run_is_answered_as_soon_as_it_has_begun_and_hears_how_far_it_is()
    {
        var begun = Assert.IsType<ToolOutcome.Running>(await Invoke("go_on", turn: new Turn("test", "c1") { AnswerAtOnce = true }));
        await _ways.Entered.Task;
        Assert.Equal(new RunProgress("so far", null), Assert.IsType<ToolOutcome.Running>(_kernel.Invoker.Find(begun.AuditId)).Progress);
        Assert.True(_kernel.Invoker.Cancel(begun.AuditId, Rig.Otto));
        Assert.IsType<ToolOutcome.Unknown>(await _kernel.Invoker.EndOfAsync(begun.AuditId, Rig.Cancel));
    }

    [Fact]
    public async Task A_tool_is_told_that_somebody_wants_it_stopped_and_not_that_the_server_ends()
    {
        var call = Invoke("go_on");
        await _ways.Entered.Task;
        await _kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        Assert.Equal("go_on was stopped while it ran: the kill switch was switched on.", Assert.IsType<ToolOutcome.Unknown>(await call).Why);
        Assert.True(_ways.Cancelled);
    }

    [Fact]
    public async Task What_runs_when_the_server_ends_is_stopped_and_unknown()
    {
        var call = Invoke("go_on");
        await _ways.Entered.Task;
        _kernel.Dispose();
        Assert.Equal("go_on was stopped while it ran: the server ends.", Assert.IsType<ToolOutcome.Unknown>(await call).Why);
        Assert.False(_ways.Cancelled);
    }

    [Fact]
    public async Task A_read_ends_with_its_caller_and_has_marked_the_turn()
    {
        using var gone = new CancellationTokenSource();
        var turn = new Turn("test", "c1");
        var call = Invoke("read_on", turn: turn, stop: gone.Token);
        await _ways.Entered.Task;
        await gone.CancelAsync();
        try
        {
            Assert.Equal("read_on did not run to its end: it was cancelled.", Assert.IsType<ToolOutcome.Failed>(await call).Why);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to be answered; which of the two is noticed first is left open.
        }
        while (turn.Taints.Count == 0) await Task.Yield();
        Assert.Equal(["read_on of guest 101 of lab"], turn.Taints);
    }

    [Fact]
    public async Task A_read_past_its_time_has_failed_and_its_task_is_not_stored()
    {
        var call = Invoke("read_on", Rig.Model);
        await _ways.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var running = await call;
        Assert.IsType<ToolOutcome.Running>(_kernel.Invoker.Find(running.AuditId, Rig.Model));
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        while (_kernel.Audit.Of(running.AuditId).Count < 2) await Task.Yield();
        // Whoever was told that it goes on is told how it ended, and nobody else.
        ToolOutcome? ended;
        while ((ended = _kernel.Invoker.Find(running.AuditId, Rig.Model)) is ToolOutcome.Running) await Task.Yield();
        Assert.Equal("read_on did not run to its end: it took longer than 30 s.", Assert.IsType<ToolOutcome.Failed>(ended).Why);
        Assert.Null(_kernel.Invoker.Find(running.AuditId, Rig.Mcp));
        Assert.Contains("read_on did not run to its end: it took longer than 30 s.", _kernel.Audit.Of(running.AuditId)[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_rig.World.Notices, n => n.Kind == NoticeKind.RunEnded);
    }

    [Fact]
    public async Task A_read_whose_answer_was_lost_has_failed() =>
        Assert.Equal("the answer about 101 was lost", Assert.IsType<ToolOutcome.Failed>(await Invoke("read_lost", Rig.Model)).Why);

    [Fact]
    public async Task Nothing_is_changed_when_the_snapshot_before_it_is_not_made_in_time()
    {
        var asked = new TaskCompletionSource();
        using var kernel = Kernel(_rig.World.Host with
        {
            Snapshot = async (_, _, stop) =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return true;
            },
        }, "slow");
        var call = Invoke("change", kernel: kernel);
        await asked.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var id = (await call).AuditId;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        while (kernel.Invoker.Find(id) is ToolOutcome.Running) await Task.Yield();
        Assert.Equal("change did not run to its end: it took longer than 30 s.", Assert.IsType<ToolOutcome.Failed>(kernel.Invoker.Find(id)).Why);
        Assert.False(_ways.Entered.Task.IsCompleted);
    }

    [Fact]
    public async Task Nothing_is_changed_when_the_snapshot_before_it_fails()
    {
        using var kernel = Kernel(_rig.World.Host with { Snapshot = (_, _, _) => throw new IOException("the pool is full") }, "full");
        Assert.Equal("the pool is full", Assert.IsType<ToolOutcome.Failed>(await Invoke("change", kernel: kernel)).Why);
        Assert.False(_ways.Entered.Task.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_snapshot_before_what_failed_or_is_not_known_is_named(bool lost)
    {
        var outcome = await _kernel.Invoker.InvokeAsync("change_badly", System.Text.Encoding.UTF8.GetBytes($$"""{"guest":101,"lost":{{(lost ? "true" : "false")}}}"""), Rig.Otto with { Confirmed = true }, _rig.Turn, Rig.Cancel);
        var name = Assert.Single(_rig.World.Snapshots).Split(' ')[1];
        Assert.Equal((name, name), (Of(outcome), Of(_kernel.Invoker.Find(outcome.AuditId)!)));
        Assert.Contains($"\"snapshot\":\"{name}\"", _kernel.Audit.Of(outcome.AuditId)[1].Text, StringComparison.Ordinal);

        string? Of(ToolOutcome of) => lost ? Assert.IsType<ToolOutcome.Unknown>(of).Snapshot : Assert.IsType<ToolOutcome.Failed>(of).Snapshot;
    }

    [Fact]
    public async Task What_was_approved_runs_although_the_request_that_approved_it_was_broken_off()
    {
        var host = _rig.World.Host;
        using var kernel = Kernel(host with
        {
            Find = (query, stop) =>
            {
                stop.ThrowIfCancellationRequested();
                return host.Find(query, stop);
            },
        }, "gone");
        var waiting = Assert.IsType<ToolOutcome.Waiting>(await Invoke("change", Rig.Model, kernel: kernel)).Approval;
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        Assert.IsType<ToolOutcome.Completed>(await kernel.Approvals.DecideAsync(waiting.Id, new Decision.Approve(null, null, Run: true), Rig.Otto, gone.Token));
        Assert.Equal(ApprovalState.Consumed, kernel.Approvals.Find(waiting.Id)!.State);
    }

    [Fact]
    public async Task The_name_of_the_snapshot_is_on_record()
    {
        var done = Assert.IsType<ToolOutcome.Completed>(await Invoke("change"));
        Assert.Equal($$"""{"outcome":"Completed","milliseconds":0,"snapshot":"{{done.Snapshot}}"}""", _kernel.Audit.Of(done.AuditId)[1].Text);
    }

    [Fact]
    public async Task A_result_that_cannot_be_shown_does_not_hide_that_it_ran() =>
        Assert.StartsWith("It ran; what it gave cannot be shown", Assert.IsType<ToolOutcome.Completed>(await Invoke("give_loop")).Output.Text, StringComparison.Ordinal);

    [Fact]
    public async Task A_failure_is_told_in_a_few_words() =>
        Assert.Equal(4001, Assert.IsType<ToolOutcome.Failed>(await Invoke("fail_long")).Why.Length);
}
