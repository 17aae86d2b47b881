namespace Jarvis.Bench;

/// <summary>One measured number; the bounds table knows its unit and what it means.</summary>
internal sealed record Figure(string Name, double Value, string Note = "");

/// <summary>A measurement that yields one or more figures.</summary>
internal sealed record Scenario(string Name, IReadOnlyList<string> Figures, Func<Rig, CancellationToken, Task<IReadOnlyList<Figure>>> RunAsync)
{
    public bool Yields(string wanted) =>
        Name == wanted || Figures.Any(f => f == wanted || f.StartsWith(wanted + ".", StringComparison.Ordinal));
}
