using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>How a task of Proxmox ended; without a UPID where Proxmox did it at once.</summary>
public sealed record TaskReport(string? Upid, string Outcome, string ExitStatus, double DurationSeconds, IReadOnlyList<string> LastLogLines);

/// <summary>A task ended with an error; the message has Proxmox's own words.</summary>
public sealed class TaskFailedException(string message) : Exception(message);

/// <summary>Starts tasks of Proxmox and follows them to their end; what is seen of the cluster is then read anew.</summary>
internal sealed class Tasks(Lookups lookups, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Starts a task and waits for its end; somebody who cancels the run stops the task with it.</summary>
    /// <exception cref="TaskFailedException">It ended with an error.</exception>
    /// <exception cref="OutcomeUnknownException">It was sent, and what became of it cannot be known.</exception>
    public async Task<TaskReport> RunAsync(Reached to, string what, Func<CancellationToken, Task<Upid>> start, ToolRun run, CancellationToken cancellationToken) =>
        await RunAsync(to.Cluster, to.Client, what, async stop => await start(stop), run, cancellationToken);

    /// <summary>As above, for what Proxmox may do at once and without a task.</summary>
    public async Task<TaskReport> RunAsync(
        LiveCluster cluster, ProxmoxClient client, string what, Func<CancellationToken, Task<Upid?>> start, ToolRun run, CancellationToken cancellationToken)
    {
        Upid? upid;
        try
        {
            upid = await start(cancellationToken);
        }
        catch (ProxmoxException e) when (e.Kind is ProxmoxFailure.OutcomeUnknown)
        {
            throw new OutcomeUnknownException($"{what}: {e.Message}", e);
        }

        if (upid is null)
        {
            await SeenAsync(cluster, client);
            return new(null, "ok", "OK", 0, []);
        }

        run.Started(upid.ToString());
        try
        {
            var result = await client.WaitAsync(upid, line => run.Progress(line.T ?? ""), cancellationToken);
            await SeenAsync(cluster, client);
            return result.Outcome switch
            {
                TaskOutcome.Unknown => throw new OutcomeUnknownException($"{what}: what became of the task {upid} is not known: {result.ExitStatus}"),
                TaskOutcome.Error => throw new TaskFailedException($"{what}: the task ended with: {result.ExitStatus}. Its last lines: {string.Join(" / ", result.LastLogLines)}"),
                _ => new(upid.ToString(), result.Outcome.ToString().ToLowerInvariant(), result.ExitStatus, Math.Round(result.Duration.TotalSeconds, 1), result.LastLogLines),
            };
        }
        catch (OperationCanceledException) when (run.Cancelled)
        {
            await StopAsync(client, upid);
            throw;
        }
    }

    /// <summary>Has the cluster read anew. The effect has happened: that it cannot be seen yet does not change how the call ends.</summary>
    public async Task SeenAsync(LiveCluster cluster, ProxmoxClient client)
    {
        client.Forget();
        lookups.Forget(cluster);
        await cluster.RefreshAsync().WaitAsync(Longest, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StopAsync(ProxmoxClient client, Upid upid)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        try
        {
            await client.StopTaskAsync(upid, limit.Token);
        }
        catch (Exception e) when (e is ProxmoxException or OperationCanceledException)
        {
            throw new OutcomeUnknownException(string.Create(CultureInfo.InvariantCulture, $"The task {upid} was to stop, and whether it did is not known: {e.Message}"), e);
        }
    }
}
