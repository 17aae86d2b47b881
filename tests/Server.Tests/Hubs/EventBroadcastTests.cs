using System.Runtime.CompilerServices;
using Jarvis.Server.Events;
using Jarvis.Server.Hubs;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Hubs;

public sealed class EventBroadcastTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Following_begins_again_when_it_ended_and_ends_only_on_stopping()
    {
        var rig = await RigAsync();
        await using var server = rig.Server;
        var calls = 0;
        var (running, stopping) = Forward(rig.Broadcast, stop => ++calls < 3 ? Ended() : Endless(stop));

        Assert.Equal(3, calls);
        Assert.False(running.IsCompleted);
        await stopping.CancelAsync();
        await running.WaitAsync(Limit, Stop);
        stopping.Dispose();
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_said_once_and_tried_again_after_a_pause()
    {
        var rig = await RigAsync();
        await using var server = rig.Server;
        var calls = 0;
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (running, stopping) = Forward(rig.Broadcast, stop =>
        {
            if (++calls == 1) throw new EventLogUnavailableException("Events cannot be read: disk");
            again.TrySetResult();
            return Endless(stop);
        });

        Assert.Equal(1, calls);
        rig.Time.Advance(EventBroadcast.Pause);
        await again.Task.WaitAsync(Limit, Stop);
        Assert.False(running.IsCompleted);
        Assert.Single(rig.Log.All, line => line.Contains("Events cannot be handed out", StringComparison.Ordinal));
        await stopping.CancelAsync();
        await running.WaitAsync(Limit, Stop);
        stopping.Dispose();
    }

    private static async Task<(TestServer Server, EventBroadcast Broadcast, FakeTimeProvider Time, LogLines Log)> RigAsync()
    {
        var server = await TestServer.StartAsync();
        var (time, log) = (new FakeTimeProvider(), new LogLines());
        using var logging = LoggerFactory.Create(b => b.AddProvider(log));
        return (server, new EventBroadcast(
            server.Services.GetRequiredService<EventLog>(), server.Services.GetRequiredService<IHubContext<EventsHub, IEventsClient>>(),
            Options.Create(new HubsOptions()), new(Meters.New()), time, logging.CreateLogger<EventBroadcast>()), time, log);
    }

    private static (Task Running, CancellationTokenSource Stopping) Forward(EventBroadcast broadcast, Func<CancellationToken, IAsyncEnumerable<EventRow>> follow)
    {
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        return (broadcast.ForwardAsync(follow, stopping.Token), stopping);
    }

    private static IAsyncEnumerable<EventRow> Ended() => AsyncEnumerable.Empty<EventRow>();

    private static async IAsyncEnumerable<EventRow> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        yield break;
    }
}
