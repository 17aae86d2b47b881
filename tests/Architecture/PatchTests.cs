using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Jarvis.Architecture;

/// <summary>The patches that each take one check out of the gate; that its tests notice is seen by <c>test.sh --long</c>.</summary>
public sealed partial class PatchTests
{
    private const int Least = 30;

    private static IReadOnlyList<string> Patches { get; } = [.. Repository.Files("tests/Safety.Tests/Patches", ".patch")];

    [Fact]
    public void Each_says_what_it_drops_and_which_tests_are_to_notice()
    {
        Assert.InRange(Patches.Count, Least, int.MaxValue);
        var classes = Repository.Files("tests/Safety.Tests", "Tests.cs").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Expect.None(
            from patch in Patches
            let head = Head.Match(Repository.Lines(patch)[0])
            where !head.Success || !head.Groups["class"].Captures.All(c => classes.Contains(c.Value))
            select $"{patch}: {Repository.Lines(patch)[0]}");
    }

    [Fact]
    public async Task Each_still_applies()
    {
        using var check = Process.Start(new ProcessStartInfo("bash", [Repository.Full("tests/patches.sh"), "--check"]) { RedirectStandardOutput = true })!;
        var said = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal($"{Patches.Count} apply, 0 do not\n", said);
    }

    [GeneratedRegex(@"\ADrops .+\. Breaks (?:[A-J][0-9]{2}(?:, )?)+\. Caught by (?:(?<class>[A-Za-z]+)\x20?)+\.\z")]
    private static partial Regex Head { get; }
}
