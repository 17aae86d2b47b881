using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Safety.Tests;

/// <summary>A clock whose hands somebody can set while time goes on.</summary>
internal sealed class SetClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero))
{
    public TimeSpan Wrong { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Wrong;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}

/// <summary>A kernel over a small lab, with a folder of its own and a clock that stands still.</summary>
internal sealed class Rig : IDisposable
{
    public static readonly Caller.Operator Anna = new() { User = "anna", Session = "s1", Role = Role.Admin };
    public static readonly Caller.Operator Otto = new() { User = "otto", Session = "s2", Role = Role.Operator };
    public static readonly Caller.Operator Vera = new() { User = "vera", Session = "s3", Role = Role.Viewer };
    public static readonly Caller.Model Model = new() { User = "otto", Role = Role.Operator };
    public static readonly Caller.McpClient Mcp = new() { Key = "k1", Owner = "otto", Role = Role.Operator, Limit = Tier.Yellow };
    public static readonly Caller.ApiKey Key = new() { Key = "k2", Owner = "otto", Role = Role.Operator, Limit = Tier.Yellow };
    public static readonly Caller.Runbook Runbook = new() { Name = "restart", Tool = "start_vm", Incident = "i1", Autonomy = 3, Role = Role.Operator };
    public const string Word = "correct horse";

    public Rig(SafetyOptions? options = null)
    {
        Options = (options ?? new SafetyOptions()) with { KeywordRounds = 10 };
        Kernel = Open();
    }

    public World World { get; } = new();

    public SafetyOptions Options { get; set; }

    public SetClock Time { get; } = new();

    /// <summary>In memory where that can be: what is written is tested here, not the disk.</summary>
    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"jarvis-safety-{Guid.NewGuid():N}")).FullName;

    public SafetyKernel Kernel { get; private set; }

    public Turn Turn { get; } = new("test", "c1");

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public SafetyKernel Open() => new(ToolCatalogue.Of(new RigTools(World)), World.Host, Options, Folder, Time);

    public void Reopen()
    {
        Kernel.Dispose();
        Kernel = Open();
    }

    public Task<ToolOutcome> Invoke(string tool, string json, Caller caller, Turn? turn = null) =>
        Kernel.Invoker.InvokeAsync(tool, Encoding.UTF8.GetBytes(json), caller, turn ?? Turn, Cancel);

    public async Task<Approval> Wait(string tool, string json, Caller caller, Turn? turn = null) =>
        Assert.IsType<ToolOutcome.Waiting>(await Invoke(tool, json, caller, turn)).Approval;

    public Task<ToolOutcome> Approve(Approval approval, Caller? by = null, string? keyword = null, string? seen = null, bool run = true) =>
        Kernel.Approvals.DecideAsync(approval.Id, new Decision.Approve(seen, keyword, run), by ?? Otto, Cancel);

    public Task<ToolOutcome> Deny(Approval approval, string? reason = null) => Kernel.Approvals.DecideAsync(approval.Id, new Decision.Deny(reason), Otto, Cancel);

    public Task<ToolOutcome> Redeem(Approval approval, string json, Caller? caller = null, Turn? turn = null) =>
        Kernel.Invoker.RedeemAsync(approval.Id, approval.Tool, Encoding.UTF8.GetBytes(json), caller ?? Model, turn ?? Turn, Cancel);

    public async Task SetKeyword() => Assert.True((await Kernel.Keyword.SetAsync(Word, Anna, Cancel)).Allows);

    public static string Code(ToolOutcome outcome) => outcome.Verdict.Name;

    public async Task Refused(string code, string tool, string json, Caller caller, Turn? turn = null)
    {
        var before = World.Done.Count;
        var outcome = await Invoke(tool, json, caller, turn);
        Assert.IsType<ToolOutcome.Refused>(outcome);
        Assert.Equal(code, outcome.Verdict.Name);
        Assert.Equal(before, World.Done.Count);
        var row = Assert.Single(Kernel.Audit.Of(outcome.AuditId));
        Assert.Equal((AuditPart.Whole, code), (row.Part, row.Verdict));
        Assert.InRange(row.Tier, Kernel.Invoker.Catalogue.Find(tool)?.Tier ?? Tier.Black, Tier.Black);
        Assert.False(Kernel.Invoker.Cancel(outcome.AuditId, Otto));
        Assert.Null(Kernel.Invoker.Find(outcome.AuditId));
    }

    /// <summary>Changes the file as somebody who has it in hand would.</summary>
    public void Tamper(string sql)
    {
        Kernel.Audit.Read(limit: 1);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Folder, "safety.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>What stands in the file, past the kernel.</summary>
    public object? Stored(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Folder, "safety.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        Kernel.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
