using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Simulator.Tests.Engine;

/// <summary>A small cluster and a clock that only moves by hand.</summary>
internal sealed class Lab
{
    public const string Root = "root@pam";
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public Lab(int seed = 1, string scenario = "three-nodes", DateTimeOffset? start = null)
    {
        Clock = new FakeTimeProvider(start ?? Noon);
        Cluster = new VirtualCluster(Clock, seed, ScenarioCatalogue.Load(scenario));
    }

    public FakeTimeProvider Clock { get; }
    public VirtualCluster Cluster { get; }

    public VirtualGuest Guest(int vmid) => Cluster.Guests[vmid];

    public VirtualNode Node(string name) => Cluster.Nodes[name];

    public void Pass(double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        Cluster.Read(_ => true);
    }

    public bool PassUntil(Func<bool> done, double limit = 600)
    {
        for (var t = 0.0; t < limit && !done(); t++)
        {
            Pass(1);
        }

        return done();
    }

    /// <summary>Follows a task to its end; its exit status.</summary>
    public string Finish(string upid, double limit = 3600)
    {
        var task = Cluster.FindTask(upid) ?? throw new InvalidOperationException(upid);
        Assert.True(PassUntil(() => !task.Running, limit), $"{task.Id} still runs after {limit} s");
        return task.ExitStatus ?? "";
    }

    public string Do(Func<VirtualCluster, string> action) => Finish(Cluster.Read(action));

    public static PveException Refused(Action action) => Assert.Throws<PveException>(action);
}
