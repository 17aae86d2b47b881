using System.Globalization;
using System.Text.RegularExpressions;
using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>How far a running task is: the newest line of its log, with the percentage where the line has one.</summary>
public sealed record TaskProgress(string Cluster, string Upid, double? Percent, string Line);

/// <summary>Reads the logs of running tasks a page at a time, with calls that the budget can spare.</summary>
internal sealed partial class TaskWatch(LiveCluster cluster, ProxmoxClient client)
{
    private const int Page = 200;
    private const int LongestLine = 300;

    private readonly Dictionary<string, int> _read = new(StringComparer.Ordinal);

    /// <exception cref="ProxmoxException">A log could not be read.</exception>
    public async Task ReadAsync(int calls, CancellationToken cancellationToken)
    {
        var running = cluster.Current.View.Tasks.Where(t => t.State is TaskState.Running).OrderByDescending(t => t.StartedAt).ToList();
        foreach (var gone in _read.Keys.Except(running.Select(t => t.Upid)).ToList()) _read.Remove(gone);
        foreach (var task in running.Take(calls))
        {
            var start = _read.GetValueOrDefault(task.Upid);
            var lines = await client.GetTaskLogAsync(Upid.Parse(task.Upid), start, Page, cancellationToken);
            if (lines.Count == 0 || start == 0 && lines is [{ T: "no content" }]) continue;
            _read[task.Upid] = start + lines.Count;
            var line = Clean(lines[^1].T ?? "");
            cluster.Tell(new TaskProgress(cluster.Key, task.Upid, Percent(line), line));
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
