using System.Threading.Channels;
using Jarvis.Server.Agent;
using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Agent.Providers;

/// <summary>A clock that tells which timers were set, so that a test can let exactly that time pass.</summary>
internal sealed class ToldTime() : FakeTimeProvider(new(2026, 6, 30, 12, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && period == Timeout.InfiniteTimeSpan) _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits, lets that time pass, and tells how long it was.</summary>
    public async Task<TimeSpan> PassAsync()
    {
        var due = await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Advance(due);
        return due;
    }
}

/// <summary>The providers as the server sets them up, with both vendors on loopback and a ledger of their own.</summary>
internal sealed class ProviderRig : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TestFolder _folder;

    private ProviderRig(IHost host, TestFolder folder, FakeLlm llm, ToldTime time, LogLines log) => (_host, _folder, Llm, Time, Log) = (host, folder, llm, time, log);

    public FakeLlm Llm { get; }

    public ToldTime Time { get; }

    public LogLines Log { get; }

    public ProviderChain Chain => _host.Services.GetRequiredService<ProviderChain>();

    public Spend Spend => _host.Services.GetRequiredService<Spend>();

    public AppDb Db => _host.Services.GetRequiredService<AppDb>();

    public IServiceProvider Services => _host.Services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ProviderRig> StartAsync(params (string Key, string? Value)[] settings)
    {
        var (folder, time, log) = (new TestFolder(), new ToldTime(), new LogLines());
        var llm = await FakeLlm.StartAsync(time);
        await File.WriteAllTextAsync(folder.File("key"), FakeLlm.Key, Stop);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Folder"] = folder.File("data"),
            ["Agent:Claude:BaseUrl"] = $"{llm.Address}",
            ["Agent:Claude:KeyFile"] = folder.File("key"),
            ["Agent:OpenAiCompatible:0:Name"] = "Qwen",
            ["Agent:OpenAiCompatible:0:Endpoint"] = $"{new Uri(llm.Address, "/v1")}",
            ["Agent:OpenAiCompatible:0:Model"] = "qwen2.5",
            ["Agent:OpenAiCompatible:0:KeyFile"] = folder.File("key"),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value)));
        builder.AddPersistence();
        builder.AddProviders();
        var host = builder.Build();
        await host.StartAsync(Stop);
        return new(host, folder, llm, time, log);
    }

    public Task WriteKeyAsync(string key) => File.WriteAllTextAsync(_folder.File("key"), key, Stop);

    public void DeleteKey() => File.Delete(_folder.File("key"));

    /// <summary>The provider of that name, as it stands in the order.</summary>
    public async Task<Candidate> CandidateAsync(string name, string session = "s1") =>
        (await Chain.InOrderAsync([name], session, Stop))[0] is { } first && first.Name == name ? first : throw new InvalidOperationException($"{name} is not first.");

    public async Task<IChatClient> ClientAsync(string name, string session = "s1") =>
        await CandidateAsync(name, session) is { Client: { } client } ? client : throw new InvalidOperationException((await CandidateAsync(name, session)).Skipped);

    public async Task<ChatResponse> AskAsync(string name, string text = "hello", ChatOptions? options = null) =>
        await (await ClientAsync(name)).GetResponseAsync([new(ChatRole.User, text)], options ?? Tools(), Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

    public Task<ProviderException> FailAsync(string name, string text = "hello") => Assert.ThrowsAsync<ProviderException>(() => AskAsync(name, text));

    public static ChatOptions Tools(params string[] names) => new()
    {
        Tools = [.. (names.Length > 0 ? names : ["start_guest", "get_node"]).Select(n => AIFunctionFactory.CreateDeclaration(
            n, $"Does {n}.", System.Text.Json.JsonDocument.Parse("""{"type":"object","properties":{"vmid":{"type":"integer","minimum":100}}}""").RootElement))],
    };

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Llm.DisposeAsync();
        _folder.Dispose();
    }
}
