using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>The name of a task: node, process, its start in jiffies since boot, epoch seconds, type, object and user.</summary>
internal readonly record struct Upid(string Node, int Pid, long PStart, long StartTime, string Type, string Id, string User)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"UPID:{Node}:{Pid:X8}:{PStart:X8}:{StartTime:X8}:{Type}:{Id}:{User}:");

    public static Upid? Parse(string text)
    {
        var part = text.Split(':');
        return part.Length == 9 && part[0] == "UPID" && part[8].Length == 0 && part[1].Length > 0 && part[5].Length > 0
            && part[2].Length == 8 && int.TryParse(part[2], NumberStyles.HexNumber, null, out var pid)
            && part[3].Length is 8 or 9 && long.TryParse(part[3], NumberStyles.HexNumber, null, out var pstart)
            && part[4].Length == 8 && long.TryParse(part[4], NumberStyles.HexNumber, null, out var start)
            && part[7].Length > 0
            ? new Upid(part[1], pid, pstart, start, part[5], part[6], part[7])
            : null;
    }
}
