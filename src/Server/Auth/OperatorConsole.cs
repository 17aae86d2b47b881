namespace Jarvis.Server.Auth;

/// <summary>The terminal, or the service's journal, in front of whoever runs the server. One-time secrets are told here
/// and nowhere else: a logger would carry them into files and collectors.</summary>
public sealed class OperatorConsole(TextWriter output)
{
    private readonly Lock _gate = new();

    public void Say(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
