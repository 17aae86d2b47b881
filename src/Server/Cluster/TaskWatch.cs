using System.Globalization;
using System.Text.RegularExpressions;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>How far a running task is: the newest line of its log, with the percentage where the line has one.</summary>
public sealed record TaskProgress(string Cluster, string Upid, double? Percent, string Line);

/// <summary>Reads the logs of running tasks a page at a time, with calls that the budget can spare.</summary>
internal sealed partial class TaskWatch(LiveCluster cluster, ProxmoxClient client)
{
    private const int Page = 200;
    private const int LongestLine = 300;

    private readonly Dictionary<string, int> _read = new(StringComparer.Ordinal);

    /// <param name="calls">How many may be asked now; each is one call, the first look at a log two.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task ReadAsync(int calls, CancellationToken cancellationToken)
    {
        var running = cluster.Current.View.Tasks.Where(t => t.State is TaskState.Running).OrderByDescending(t => t.StartedAt).ToList();
        foreach (var gone in _read.Keys.Except(running.Select(t => t.Upid)).ToList()) _read.Remove(gone);
        var found = await Task.WhenAll(running.Take(calls).Select(task => NewestAsync(task.Upid, cancellationToken)));
        foreach (var (upid, line) in found)
        {
            if (line is null) continue;
            _read[upid] = (int)Math.Min(line.N, int.MaxValue);
            var text = Clean(line.T ?? "");
            cluster.Tell(new TaskProgress(cluster.Key, upid, Percent(text), text));
        }
    }

    /// <summary>The newest line if it is news; null also where the log cannot be read, as on a node that hangs.</summary>
    private async Task<(string Upid, TaskLogLine? Line)> NewestAsync(string upid, CancellationToken cancellationToken)
    {
        try
        {
            var lines = _read.TryGetValue(upid, out var start)
                ? await client.GetTaskLogAsync(Upid.Parse(upid), start, Page, cancellationToken)
                : await client.GetTaskLogTailAsync(Upid.Parse(upid), 1, cancellationToken);
            return (upid, lines is [.., { T: not "no content" } last] ? last : null);
        }
        catch (ProxmoxException)
        {
            return (upid, null);
        }
    }

    /// <summary>Logs hold control characters, backspaces among them.</summary>
    private static string Clean(string line)
    {
        var clean = string.Concat(line.Where(c => !char.IsControl(c))).Trim();
        return clean.Length > LongestLine ? clean[..LongestLine] : clean;
    }

    internal static double? Percent(string line) =>
        PercentForm().Match(line) is { Success: true } match && double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is <= 100 and var percent ? percent : null;

    [GeneratedRegex(@"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%")]
    private static partial Regex PercentForm();
}
