namespace Jarvis.Architecture;

internal static class Expect
{
    /// <summary>Fails with every offender on a line of its own.</summary>
    public static void None(IEnumerable<string?> offenders)
    {
        var list = offenders.Distinct().ToList();
        if (list.Count > 0) Assert.Fail(string.Join('\n', list));
    }
}
