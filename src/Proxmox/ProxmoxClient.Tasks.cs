using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    private const int LogPage = 500;
    private const int LastLines = 10;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public Task<TaskState> GetTaskStateAsync(Upid upid, CancellationToken cancellationToken) =>
        ReadOnceAsync<TaskState>(TaskPath("/status", upid), cancellationToken);

    /// <summary>Lines of a task's log; a limit of 0 means all.</summary>
    public Task<IReadOnlyList<TaskLogLine>> GetTaskLogAsync(Upid upid, int start, int limit, CancellationToken cancellationToken) =>
        ReadOnceAsync<IReadOnlyList<TaskLogLine>>(LogPath(upid, start, limit), cancellationToken);

    /// <summary>The last lines of a task's log.</summary>
    public async Task<IReadOnlyList<TaskLogLine>> GetTaskLogTailAsync(Upid upid, int lines, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lines);
        var first = await FetchAsync<IReadOnlyList<TaskLogLine>>(LogPath(upid, 0, lines), cancellationToken);
        return first.Total is { } total && total > lines
            ? await GetTaskLogAsync(upid, (int)Math.Min(total - lines, int.MaxValue), lines, cancellationToken)
            : first.Data!;
    }

    /// <summary>Asks a running task to stop.</summary>
    public Task StopTaskAsync(Upid upid, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Delete, TaskPath("", upid), new Form(), cancellationToken);

    /// <summary>A node's finished tasks, newest first; running ones too when asked for.</summary>
    public Task<IReadOnlyList<ClusterTask>> GetNodeTasksAsync(string node, TaskFilter filter, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ClusterTask>>(
            ApiPath.Of("/nodes/{node}/tasks", node).With(new Form()
                .Add("source", filter.IncludeRunning ? "all" : "archive")
                .Add("limit", filter.Limit)
                .Add("vmid", filter.VmId)
                .Add("errors", filter.ErrorsOnly ? true : null)
                .Add("typefilter", filter.Type)
                .Add("since", filter.Since?.ToUnixTimeSeconds())
                .Add("until", filter.Until?.ToUnixTimeSeconds())),
            options.TasksAge, cancellationToken);

    /// <summary>Follows a task on its node to the end. With <paramref name="onLine"/> every log line is handed over as it comes.
    /// A node that cannot be asked for <see cref="ProxmoxOptions.TaskPatience"/> ends it with an unknown outcome.</summary>
    public Task<TaskResult> WaitAsync(Upid upid, Action<TaskLogLine>? onLine, CancellationToken cancellationToken) => WatchAsync(
        upid,
        onLine is null
            ? null
            : line =>
            {
                onLine(line);
                return ValueTask.CompletedTask;
            },
        cancellationToken);

    private async Task<TaskResult> WatchAsync(
        Upid upid, Func<TaskLogLine, ValueTask>? onLine, CancellationToken cancellationToken)
    {
        var last = new Queue<string>();
        var seen = 0;
        var pause = FirstWait;
        long? silentSince = null;
        while (true)
        {
            try
            {
                var state = await GetTaskStateAsync(upid, cancellationToken);
                if (onLine is not null)
                {
                    seen = await PassLinesAsync(upid, seen, last, onLine, cancellationToken);
                }

                if (state.Status == "stopped")
                {
                    var lines = onLine is null ? await TailAsync(upid, cancellationToken) : [.. last];
                    return Result(upid, TaskResult.OutcomeOf(state.ExitStatus), state.ExitStatus ?? "no exit status", lines);
                }

                silentSince = null;
            }
            catch (ProxmoxException failure) when (IsPassing(failure))
            {
                silentSince ??= Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(silentSince.Value) > options.TaskPatience)
                {
                    return Result(upid, TaskOutcome.Unknown, $"{upid.Node} cannot be asked: {failure.Message}", [.. last]);
                }
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 1.5 < LongestWait ? pause * 1.5 : LongestWait;
        }
    }

    /// <summary>A task's log lines as they come; ends with the task.</summary>
    public async IAsyncEnumerable<TaskLogLine> FollowLogAsync(
        Upid upid, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = Channel.CreateBounded<TaskLogLine>(new BoundedChannelOptions(LogPage) { FullMode = BoundedChannelFullMode.Wait });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = PumpAsync();
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
            {
                yield return line;
            }
        }
        finally
        {
            await left.CancelAsync();
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task PumpAsync()
        {
            try
            {
                await WatchAsync(upid, line => lines.Writer.WriteAsync(line, left.Token), left.Token);
                lines.Writer.Complete();
            }
            catch (Exception failure)
            {
                lines.Writer.Complete(failure);
            }
        }
    }

    private static bool IsPassing(ProxmoxException failure) => failure.Kind is ProxmoxFailure.Unreachable
        or ProxmoxFailure.Timeout or ProxmoxFailure.Tls or ProxmoxFailure.ServerError or ProxmoxFailure.BadAnswer;

    private async Task<int> PassLinesAsync(
        Upid upid, int seen, Queue<string> last, Func<TaskLogLine, ValueTask> onLine, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await GetTaskLogAsync(upid, seen, LogPage, cancellationToken);
            var fresh = page.Where(line => line.N > seen && !(line.N == 1 && line.T == "no content")).ToList();
            foreach (var line in fresh)
            {
                seen = (int)line.N;
                last.Enqueue(line.T ?? "");
                if (last.Count > LastLines)
                {
                    last.Dequeue();
                }

                await onLine(line);
            }

            if (fresh.Count < LogPage)
            {
                return seen;
            }
        }
    }

    private async Task<IReadOnlyList<string>> TailAsync(Upid upid, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await GetTaskLogTailAsync(upid, LastLines, cancellationToken)).Select(line => line.T ?? "")];
        }
        catch (ProxmoxException failure) when (IsPassing(failure))
        {
            return [$"The log cannot be read: {failure.Message}"];
        }
    }

    private TaskResult Result(Upid upid, TaskOutcome outcome, string exitStatus, IReadOnlyList<string> lines)
    {
        var duration = time.GetUtcNow() - upid.StartTime;
        return new TaskResult
        {
            Upid = upid,
            Outcome = outcome,
            ExitStatus = exitStatus,
            Duration = duration < TimeSpan.Zero ? TimeSpan.Zero : duration,
            LastLogLines = lines,
        };
    }

    private static ApiPath TaskPath(string rest, Upid upid) =>
        ApiPath.Of("/nodes/{node}/tasks/{upid}" + rest, upid.Node, upid.ToString());

    private static ApiPath LogPath(Upid upid, int start, int limit) =>
        TaskPath("/log", upid).With(new Form().Add("start", start).Add("limit", limit));
}
