using System.Diagnostics;

namespace Jarvis.Bench;

/// <summary>This program again, as a child whose output is read.</summary>
internal static class Self
{
    public static ProcessStartInfo Start(params ReadOnlySpan<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(Self).Assembly.Location);
        foreach (var arg in args) start.ArgumentList.Add(arg);
        return start;
    }
}
