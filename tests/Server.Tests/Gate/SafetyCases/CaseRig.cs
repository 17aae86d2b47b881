using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using Jarvis.Server.Mcp;
using Jarvis.Server.Persistence;
using Jarvis.Server.Tests.Cluster;
using Jarvis.Server.Tests.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>The classes of cases share one server over one simulated cluster, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCaseRig : ICollectionFixture<CaseRig>
{
    internal const string Name = "Cases of the safety gate";
}

/// <summary>A person with an account of their own, so that no case uses up another's budget or meets its denials.</summary>
internal sealed class Person(CaseRig rig, string name, Role role)
{
    public const string Password = "a password of nobody else";
    private string? _bearer;

    public string Name => name;

    public Role Role => role;

    public Caller.Operator Caller => new() { User = name, Session = $"s-{name}", Role = role };

    public async Task<string> BearerAsync() => _bearer ??= (await rig.Tools.Cluster.Server.SignInAsync(name, Password)).Access;
}

/// <summary>The product with the tools of the cases beside its own, and what every case must hold whatever it is about.</summary>
public sealed class CaseRig : IAsyncLifetime
{
    private const int Door = -1;
    private static readonly SafetyOptions Usual = new() { WritesPerHour = 10_000, RequestsPerMinute = 10_000, KeywordRounds = 10 };
    private readonly ConcurrentDictionary<string, Caller.McpClient> _tokens = new(StringComparer.Ordinal);
    private int _people;
    private ToolRig? _tools;

    internal CaseTools Case { get; } = new();

    internal ToolRig Tools => _tools ?? throw new InvalidOperationException("The server has not been started.");

    internal SafetyKernel Kernel => Tools.Cluster.Server.Services.GetRequiredService<SafetyKernel>();

    internal LiveCluster Lab => Tools.Cluster.Clusters.Find("lab1")!;

    internal HttpClient Http => Tools.Cluster.Server.Http;

    internal string SafetyFile => Path.Combine(Tools.Cluster.Server.Services.GetRequiredService<DataFolder>().Path, "safety.db");

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _tools = new() { Cluster = await ClusterRig.StartAsync([1], [("RateLimits:PerAddress", "100000"), ("RateLimits:AddressBurst", "100000"), ("Auth:AccessMinutes", "60")], Adjust) };
        Kernel.Options = Usual;
    }

    public async ValueTask DisposeAsync() => await Tools.DisposeAsync();

    /// <summary>Other rules until it is disposed of.</summary>
    internal IDisposable Ruled(Func<SafetyOptions, SafetyOptions> change)
    {
        Kernel.Options = change(Usual);
        return new Undo(() => Kernel.Options = Usual);
    }

    internal async Task<Person> NewPersonAsync(Role role = Role.Operator)
    {
        var name = $"p{Interlocked.Increment(ref _people).ToString(CultureInfo.InvariantCulture)}";
        var account = role switch { Role.Admin => Server.Auth.Role.Admin, Role.Operator => Server.Auth.Role.Operator, _ => Server.Auth.Role.Viewer };
        await Tools.Cluster.Server.AddAccountAsync(name, account, Person.Password);
        return new(this, name, role);
    }

    internal async Task<Channel> SpeakAsync(string channel, Role role = Role.Operator) => Channel.Of(channel, this, await NewPersonAsync(role));

    internal async Task DemoteAsync(Person person) =>
        Assert.True(await Tools.Cluster.Server.Services.GetRequiredService<Server.Auth.AuthStore>().ChangeAsync(person.Name, Server.Auth.Role.Viewer, null, Stop));

    internal string NewToken(Person person)
    {
        var token = $"token-of-{person.Name}-{Guid.NewGuid():N}";
        _tokens[token] = new() { Key = $"k-{person.Name}", Owner = person.Name, Role = person.Role, Limit = Tier.Yellow };
        return token;
    }

    /// <summary>The simulated cluster, what has run in it, and what the tools of the cases have done.</summary>
    internal async Task<Dictionary<int, string>> WorldAsync()
    {
        var world = await Tools.WorldAsync();
        var tasks = (await Tools.ProxmoxAsync("/cluster/tasks")).EnumerateArray().Select(t => t.GetProperty("upid").GetString()).Order(StringComparer.Ordinal);
        world[Door] = string.Join('\n', tasks.Concat(Case.Done));
        return world;
    }

    /// <summary>Sends a call and holds what every call must: one audit id more, one row for what did not run and two for what did,
    /// and neither a secret nor an approval's id in what the caller is given.</summary>
    internal async Task<Said> CallAsync(Channel channel, string tool, string arguments) => await HoldAsync(() => channel.SendAsync(tool, arguments));

    internal async Task<Said> HoldAsync(Func<Task<Said>> call)
    {
        var newest = Kernel.Audit.Read(limit: 1) is [var last, ..] ? last.Seq : 0;
        var said = await call();
        if (said is { Outcome: "running", AuditId: { } runs }) await EndAsync(runs);
        var rows = Kernel.Audit.Read(limit: 200).Where(r => r.Seq > newest).Reverse().ToList();
        var id = Assert.Single(rows.Select(r => r.Id).Distinct());
        if (said.AuditId is not null) Assert.Equal(id, said.AuditId);
        Assert.Equal(said.Outcome is "refused" or "waiting" ? [AuditPart.Whole] : [AuditPart.Intent, AuditPart.Outcome], rows.Select(r => r.Part));
        if (said.Verdict is not null) Assert.Equal(said.Verdict, rows[0].Verdict);
        Tight(said);
        return said with { AuditId = id, Verdict = rows[0].Verdict };
    }

    /// <summary>Nothing in the cluster moved, and the caller was told why.</summary>
    internal async Task RefusedAsync(string channel, string verdict, params (string Tool, string Arguments)[] calls)
    {
        var speaker = await SpeakAsync(channel);
        await RefusedAsync(speaker, verdict, calls);
    }

    internal Task RefusedAsync(Channel speaker, string verdict, params (string Tool, string Arguments)[] calls) =>
        RefusedAsync(verdict, [.. calls.Select(call => (Func<Task<Said>>)(() => speaker.SendAsync(call.Tool, call.Arguments)))]);

    internal async Task RefusedAsync(string verdict, params Func<Task<Said>>[] calls)
    {
        var before = await WorldAsync();
        foreach (var (i, call) in calls.Index())
        {
            var said = await HoldAsync(call);
            Assert.True((said.Outcome, said.Verdict) == ("refused", verdict), $"call {i}: {said.Outcome} {said.Verdict} {PlainText.Shown(said.Given, 500)}");
        }
        Assert.Equal(before, await WorldAsync());
    }

    /// <summary>A call that waits for a person, and nothing moved.</summary>
    internal async Task<Approval> WaitsAsync(Channel speaker, string tool, string arguments, string verdict = "NEEDS_HUMAN")
    {
        var before = await WorldAsync();
        var said = await CallAsync(speaker, tool, arguments);
        Assert.True((said.Outcome, said.Verdict) == ("waiting", verdict), $"{said.Outcome} {said.Verdict} {PlainText.Shown(said.Given, 500)}");
        Assert.Equal(before, await WorldAsync());
        return ApprovalOf(said);
    }

    internal Approval ApprovalOf(Said said) => Assert.Single(Kernel.Approvals.List(openOnly: false, limit: 500), a => a.AuditId == said.AuditId);

    /// <summary>A person decides at the approvals' own desk.</summary>
    internal async Task<ToolOutcome> ApproveAsync(Approval approval, Caller? by = null, string? seen = null, string? keyword = null, bool run = true) =>
        await Tools.Running(Kernel.Approvals.DecideAsync(approval.Id, new Decision.Approve(seen, keyword, run), by ?? (await NewPersonAsync()).Caller, Stop));

    /// <summary>Changes a copy of the kernel's file, or the file itself, as somebody who has it in hand would.</summary>
    internal void Tamper(string sql, string? copy = null)
    {
        using var file = Open(SafetyFile);
        if (copy is null)
        {
            Run(file, sql);
            return;
        }
        using var other = Open(Path.Combine(copy, "safety.db"));
        file.BackupDatabase(other);
        File.Copy(Path.ChangeExtension(SafetyFile, "key"), Path.Combine(copy, "safety.key"));
        Run(other, sql);

        static SqliteConnection Open(string path)
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            return connection;
        }

        static void Run(SqliteConnection connection, string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    internal async Task EndAsync(string auditId)
    {
        while (Kernel.Invoker.Find(auditId) is ToolOutcome.Running) await Tools.Running(Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop));
    }

    /// <summary>A person who asks by REST is shown the approval to decide it, and a client of MCP the page where a person does:
    /// the id is there in that one answer. A model is never given it.</summary>
    private void Tight(Said said)
    {
        foreach (var secret in new[] { CaseTools.Secret, TestServer.Password, Person.Password, Tools.Cluster.Simulators[0].Token! }.Concat(_tokens.Keys))
        {
            Assert.DoesNotContain(secret, said.Given, StringComparison.Ordinal);
        }
        foreach (var approval in Kernel.Approvals.List(openOnly: false, limit: 20))
        {
            var shown = said.Outcome == "waiting" && approval.Channel is "rest" or "mcp" && said.Given.Contains(approval.AuditId, StringComparison.Ordinal) || said.Given.Contains("input_required", StringComparison.Ordinal);
            if (!shown) Assert.DoesNotContain(approval.Id, said.Given, StringComparison.Ordinal);
        }
    }

    private void Adjust(WebApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton(new McpTokens((token, _) => ValueTask.FromResult(_tokens.GetValueOrDefault(token)))));
        var toolsets = typeof(Product).Assembly.GetTypes().Where(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance).Any(m => m.IsDefined(typeof(ToolAttribute)))).ToList();
        builder.Services.Replace(ServiceDescriptor.Singleton(services => ToolCatalogue.Of([.. toolsets.Select(services.GetRequiredService), Case])));
    }

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
