using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
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
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ObeysWithin = TimeSpan.FromMinutes(5);

    /// <summary>Starts a task and waits for its end; somebody who cancels the run stops the task with it.</summary>
    /// <exception cref="TaskFailedException">It ended with an error.</exception>
    /// <exception cref="OutcomeUnknownException">It was sent, and what became of it cannot be known.</exception>
    public async Task<TaskReport> RunAsync(Reached to, string what, Func<CancellationToken, Task<Upid>> start, ToolRun run, CancellationToken cancellationToken)
    {
        var report = await RunAsync(to.Cluster, to.Client, what, async stop => await start(stop), run, cancellationToken);
        var wanted = report.Upid is { } upid ? Upid.Parse(upid).Type switch { "hastart" => "running", "hastop" => "stopped", _ => null } : null;
        if (wanted is not null) await ObeyedAsync(to, what, wanted, run, cancellationToken);
        return report;
    }

    // The task of a guest under high availability only hands the wish to its manager, which may start it on another node.
    private async Task ObeyedAsync(Reached to, string what, string wanted, ToolRun run, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        run.Progress($"{what}: high availability does it.");
        while (true)
        {
            var row = await HaRowAsync(to, what, cancellationToken);
            if (row is null or { State: "error" }) throw new TaskFailedException($"{what}: high availability did not do it; the guest is {row?.State ?? "no longer managed"}.");
            var now = await StillAsync(what, () => to.Client.GetGuestStatusNowAsync(row.Node ?? to.Guest.Node, to.Type, to.Vmid, cancellationToken));
            if (now.Status == wanted) break;
            if (time.GetElapsedTime(asked) > ObeysWithin)
            {
                throw new OutcomeUnknownException($"{what}: high availability was told to, and after {ObeysWithin.TotalMinutes:0} minutes the guest is {now.Status} still.");
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        await SeenAsync(to.Cluster, to.Client);
    }

    /// <summary>What high availability does with a guest that it was told to move, start or stop; null when it no longer manages it.</summary>
    /// <exception cref="OutcomeUnknownException">It cannot be asked.</exception>
    public static Task<HaStatusRow?> HaRowAsync(Reached to, string what, CancellationToken cancellationToken) => StillAsync(
        what, async () => (await to.Client.GetHaStatusAsync(cancellationToken)).FirstOrDefault(r => r.Sid == to.Sid));

    private static async Task<T> StillAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProxmoxException e)
        {
            throw new OutcomeUnknownException($"{what}: it was asked for, and what becomes of it cannot be seen: {e.Message}", e);
        }
    }

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
        // It goes on in Proxmox: that it can be followed no longer is not its end.
        catch (Exception e) when (e is not (TaskFailedException or OutcomeUnknownException) && !cancellationToken.IsCancellationRequested)
        {
            throw new OutcomeUnknownException($"{what}: the task {upid} was begun, and what becomes of it cannot be seen: {e.Message}", e);
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
