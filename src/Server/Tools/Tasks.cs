using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>How a task of Proxmox ended.</summary>
public sealed record TaskReport(string Upid, string Outcome, string ExitStatus, double DurationSeconds, IReadOnlyList<string> LastLogLines);

/// <summary>A task ended with an error; the message has Proxmox's own words.</summary>
public sealed class TaskFailedException(string message) : Exception(message);

/// <summary>Starts tasks of Proxmox and follows them to their end.</summary>
internal sealed class Tasks(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Starts a task and waits for its end; somebody who cancels the run stops the task with it.</summary>
    /// <exception cref="TaskFailedException">It ended with an error.</exception>
    /// <exception cref="OutcomeUnknownException">It was sent, and what became of it cannot be known.</exception>
    public async Task<TaskReport> RunAsync(ProxmoxClient client, string what, Func<CancellationToken, Task<Upid>> start, ToolRun run, CancellationToken cancellationToken)
    {
        Upid upid;
        try
        {
            upid = await start(cancellationToken);
        }
        catch (ProxmoxException e) when (e.Kind is ProxmoxFailure.OutcomeUnknown)
        {
            throw new OutcomeUnknownException($"{what}: {e.Message}", e);
        }

        run.Started(upid.ToString());
        try
        {
            var result = await client.WaitAsync(upid, line => run.Progress(line.T ?? ""), cancellationToken);
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
