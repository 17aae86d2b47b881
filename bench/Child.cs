using System.Collections.Concurrent;
using System.Diagnostics;

namespace Jarvis.Bench;

/// <summary>A line that a program wrote, and when it came.</summary>
internal sealed record Line(long At, string Text);

/// <summary>A program started by the driver, with its output kept; killed when the driver lets go of it.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int MostLines = 200_000;
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Line> _lines = new();
    private bool _gone;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public long StartedAt { get; private init; }

    public Task<string> FirstLine => _firstLine.Task;

    public IReadOnlyCollection<Line> Lines => _lines;

    public bool HasExited => _process.HasExited;

    public static Child Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(program)) throw new FileNotFoundException($"{program} is not there; start the benchmark by bench/run.sh, which publishes it.");
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        var child = new Child(new Process { StartInfo = info, EnableRaisingEvents = true }) { StartedAt = Stopwatch.GetTimestamp() };
        child._process.OutputDataReceived += (_, e) => child.Keep(e.Data);
        child._process.ErrorDataReceived += (_, e) => child.Keep(e.Data, error: true);
        child._process.Exited += (_, _) =>
        {
            // What it said last may still be on its way here.
            child._process.WaitForExit();
            child._firstLine.TrySetException(new InvalidOperationException($"{program} ended while starting.\n{child.Tail(8)}"));
        };
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        if (_gone) return;
        _gone = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public string Tail(int lines) => string.Join('\n', _lines.TakeLast(lines).Select(l => l.Text));

    private void Keep(string? line, bool error = false)
    {
        if (line is null) return;
        if (_lines.Count < MostLines) _lines.Enqueue(new(Stopwatch.GetTimestamp(), line));
        if (!error) _firstLine.TrySetResult(line);
    }
}
