using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Jarvis.Simulator.Hosting;

/// <summary>Plain HTTP on the TLS port is sent to https: 301 for GET and HEAD, 308 for the rest.</summary>
internal static class PlainHttp
{
    private const byte TlsHandshake = 0x16;
    private const int MaxHead = 8 * 1024;

    public static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate tls)
    {
        var input = connection.Transport.Input;
        var read = await input.ReadAsync(connection.ConnectionClosed);
        if (read.Buffer.IsEmpty || read.Buffer.FirstSpan[0] == TlsHandshake)
        {
            input.AdvanceTo(read.Buffer.Start);
            await tls(connection);
            return;
        }
        while (!HeadIsWhole(read.Buffer) && read.Buffer.Length < MaxHead && !read.IsCompleted)
        {
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await input.ReadAsync(connection.ConnectionClosed);
        }
        var lines = Encoding.Latin1.GetString(read.Buffer).Split("\r\n");
        input.AdvanceTo(read.Buffer.End);
        var words = lines[0].Split(' ');
        if (words.Length == 3)
        {
            var host = lines.FirstOrDefault(l =>
                l.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))?[5..].Trim();
            var status = words[0] is "GET" or "HEAD" ? "301 Moved Permanently" : "308 Permanent Redirect";
            var answer = $"HTTP/1.1 {status}\r\nLocation: https://{host ?? connection.LocalEndPoint!.ToString()}{words[1]}"
                + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            await connection.Transport.Output.WriteAsync(Encoding.Latin1.GetBytes(answer), connection.ConnectionClosed);
        }
        await connection.Transport.Output.CompleteAsync();
    }

    private static bool HeadIsWhole(ReadOnlySequence<byte> buffer) =>
        Encoding.Latin1.GetString(buffer).Contains("\r\n\r\n", StringComparison.Ordinal);
}
