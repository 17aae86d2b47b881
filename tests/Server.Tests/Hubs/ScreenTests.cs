using System.Threading.Channels;
using Jarvis.Server.Cluster;
using Jarvis.Server.Hubs;
using static Jarvis.Server.Tests.Cluster.Readings;

namespace Jarvis.Server.Tests.Hubs;

public sealed class ScreenTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_screen_that_is_too_slow_is_sent_the_whole_state_once_and_not_everything_that_it_missed()
    {
        var cluster = new LiveCluster(new("lab", "lab", Paused: false, ClusterOrigin.Added), 10);
        var clusters = new LiveClusters();
        clusters.Replace([cluster]);
        var (client, meters) = (new SlowClient(), new HubMeters(Meters.New()));
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var screen = new Screen("1", null, client, clusters, meters, left.Token);
        var pumping = screen.PumpAsync();
        Assert.Equal("Clusters", await client.TakeAsync());
        Assert.Equal("Snapshot 0", await client.TakeAsync());

        // It takes nothing while more happens than any queue should hold.
        for (var n = 1; n <= 10_000; n++) Change(n);
        client.Goes.SetResult();

        Assert.Equal("Snapshot 10000", await client.TakeAsync());
        Assert.Equal((1, 10_000 - 8 * ClusterRoster.Most), (meters.Behind, meters.DroppedChanges));
        Change(10_001);
        Assert.Equal("Delta 10001", await client.TakeAsync());
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pumping);

        void Change(int n)
        {
            var view = cluster.Current.View;
            screen.Offer(cluster.Publish(view with { Header = view.Header with { Trouble = $"{n}" } })!);
        }
    }

    [Fact]
    public async Task A_large_cluster_comes_in_parts_of_a_thousand_guests_and_its_snapshot_last()
    {
        var cluster = new LiveCluster(new("lab", "lab", Paused: false, ClusterOrigin.Added), 10);
        var clusters = new LiveClusters();
        clusters.Replace([cluster]);
        cluster.Publish(Build(Of(0, [Node("pve1"), .. Enumerable.Range(100, 2_001).Select(vmid => Guest(vmid))])));
        var client = new SlowClient();
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var pumping = new Screen("1", null, client, clusters, new(Meters.New()), left.Token).PumpAsync();

        Assert.Equal(["Clusters", "Guests 1: 100–1099", "Guests 1: 1100–2099", "Snapshot 1: 2100–2100"],
            [await client.TakeAsync(), await client.TakeAsync(), await client.TakeAsync(), await client.TakeAsync()]);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pumping);
    }

    /// <summary>Waits with its first snapshot until it is let go.</summary>
    private sealed class SlowClient : IClusterClient
    {
        private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();

        public TaskCompletionSource Goes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> TakeAsync() => _sent.Reader.ReadAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Stop);

        public Task Clusters(ClusterEntry[] clusters) => Sent("Clusters");

        public Task Snapshot(ClusterView view, long sequence) => Sent(Snapshots(view, sequence), sequence == 0 ? Goes.Task : Task.CompletedTask);

        public Task Guests(string cluster, long sequence, GuestView[] guests) => Sent($"Guests {sequence}: {guests[0].Vmid}–{guests[^1].Vmid}");

        public Task Delta(string cluster, long sequence, ClusterDelta delta) => Sent($"Delta {sequence}");

        public Task Heartbeat(string cluster, long sequence, DateTimeOffset serverTime, DateTimeOffset? blindSince) => Sent("Heartbeat");

        public Task TaskProgress(string cluster, string upid, double? percent, string line) => Sent("TaskProgress");

        public Task Failed(string code, string message, string traceId) => Sent(code);

        private static string Snapshots(ClusterView view, long sequence) =>
            view.Guests.Count == 0 ? $"Snapshot {sequence}" : $"Snapshot {sequence}: {view.Guests[0].Vmid}–{view.Guests[^1].Vmid}";

        private Task Sent(string what, Task? until = null)
        {
            _sent.Writer.TryWrite(what);
            return until ?? Task.CompletedTask;
        }
    }
}
