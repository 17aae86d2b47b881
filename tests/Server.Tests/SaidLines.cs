using System.Text;

namespace Jarvis.Server.Tests;

/// <summary>Keeps what was written, one text a call, and lets a test wait for one.</summary>
internal sealed class SaidLines : TextWriter
{
    private readonly System.Threading.Channels.Channel<string> _texts = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _texts.Writer.TryWrite(value ?? "");

    /// <summary>The next text that was not read yet.</summary>
    public Task<string> NextAsync() => _texts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public bool IsEmpty => _texts.Reader.Count == 0;
}
