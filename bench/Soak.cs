namespace Jarvis.Bench;
internal static class Soak
{
    public static Task<int> RunAsync(Rig rig, TimeSpan length, CancellationToken cancellationToken) => Task.FromResult(rig.Quick && length > TimeSpan.Zero && !cancellationToken.IsCancellationRequested ? 1 : 2);
}
