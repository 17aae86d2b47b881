using System.IO.Compression;
using System.Text;

namespace Jarvis.Proxmox.Tests;

public sealed class HostileAnswerTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("{\"data\":[{\"id\":\"node/a\",")]
    [InlineData("{\"data\":{}}")]
    [InlineData("{\"data\":null}")]
    [InlineData("{\"data\":\"x\"}")]
    [InlineData("{\"data\":[1,2]}")]
    [InlineData("{\"data\":[null]}")]
    [InlineData("{\"data\":[{\"name\":\"no id\"}]}")]
    [InlineData("{\"data\":[{\"id\":null,\"type\":\"node\"}]}")]
    [InlineData("{\"data\":[{\"id\":\"node/a\",\"type\":\"node\",\"cpu\":{}}]}")]
    [InlineData("{\"data\":[{\"id\":\"node/a\",\"type\":\"node\",\"cpu\":nan}]}")]
    [InlineData("{\"data\":[]} and more")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<!DOCTYPE html><html><body>Sign in to the guest network</body></html>")]
    public async Task An_answer_that_is_not_Proxmoxs_is_told_and_never_an_empty_list(string body)
    {
        await using var server = HostileServer.Answering(body);
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal(ProxmoxFailure.BadAnswer, failure.Kind);
        Assert.Equal(200, failure.Status);
        Assert.Equal(server.Address, failure.Endpoint);
        Assert.Equal("/cluster/resources", failure.Path);
        Assert.Equal(body, failure.Excerpt);
    }

    [Fact]
    public async Task An_excerpt_ends_after_500_characters_and_hides_the_secret()
    {
        await using var server = HostileServer.Answering($"<html>{Clients.Secret} \0\u001b[31m{new string('x', 100_000)}");
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal(500, failure.Excerpt!.Length + Clients.Secret.Length - "***".Length);
        Assert.DoesNotContain(Clients.Secret, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Clients.Secret, failure.Excerpt, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Excerpt, char.IsControl);
    }

    [Fact]
    public async Task A_status_line_that_echoes_the_secret_is_cleaned()
    {
        await using var server = HostileServer.Answering($$$"""{"data":null,"errors":{"x":"{{{Clients.Secret}}}"}}""", 400, $"bad {Clients.Secret}");
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal("bad ***", failure.Reason);
        Assert.Equal("***", failure.Errors["x"]);
        Assert.DoesNotContain(Clients.Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_10.0\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r\n\r\n")]
    public async Task What_is_not_HTTP_is_a_bad_answer(string bytes)
    {
        await using var server = HostileServer.Saying(bytes);
        Assert.Equal(ProxmoxFailure.BadAnswer, (await Clients.FailureOfAsync(server, Now)).Kind);
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.RawAsync("HTTP/1.1 200 OK\r\n");
            for (var at = 0; at < 20_000; at++)
            {
                await wire.RawAsync($"X-{at}: {new string('y', 1000)}\r\n");
            }
        });
        Assert.Equal(ProxmoxFailure.BadAnswer, (await Clients.FailureOfAsync(server, Now)).Kind);
    }

    [Theory]
    [InlineData(400, ProxmoxFailure.BadRequest)]
    [InlineData(401, ProxmoxFailure.Unauthorized)]
    [InlineData(403, ProxmoxFailure.Forbidden)]
    [InlineData(404, ProxmoxFailure.BadAnswer)]
    [InlineData(301, ProxmoxFailure.BadAnswer)]
    [InlineData(500, ProxmoxFailure.ServerError)]
    [InlineData(501, ProxmoxFailure.NotSupported)]
    [InlineData(503, ProxmoxFailure.ServerError)]
    [InlineData(595, ProxmoxFailure.Unreachable)]
    [InlineData(596, ProxmoxFailure.Unreachable)]
    [InlineData(599, ProxmoxFailure.Unreachable)]
    public async Task Each_status_has_its_kind_and_keeps_Proxmoxs_words(int status, ProxmoxFailure kind)
    {
        await using var server = HostileServer.Answering("", status, "it's \"gone\" – wirklich");
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal(kind, failure.Kind);
        Assert.Equal(status, failure.Status);
        Assert.Equal("it's \"gone\" – wirklich", failure.Reason);
    }

    [Fact]
    public async Task A_missing_privilege_names_its_path_and_the_privileges_that_would_do()
    {
        await using var server = HostileServer.Answering(
            """{"data":null,"message":"Permission check failed"}""", 403, "Permission check failed (/vms/100, VM.Audit|VM.Monitor)");
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal("/vms/100", failure.MissingOn);
        Assert.Equal(["VM.Audit", "VM.Monitor"], failure.MissingPrivileges);
    }

    [Fact]
    public async Task A_refused_parameter_is_named()
    {
        await using var server = HostileServer.Answering(
            """{"data":null,"errors":{"vmid":"invalid format - value does not look like a valid VM ID\n"}}""",
            400, "Parameter verification failed.");
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal("invalid format - value does not look like a valid VM ID", failure.Errors["vmid"]);
        Assert.Contains("vmid: invalid format", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_reason_phrase_the_message_in_the_body_is_taken()
    {
        await using var server = HostileServer.Answering("""{"data":null,"message":"VM is locked (backup)\n"}""", 500, "");
        Assert.Equal("VM is locked (backup)", (await Clients.FailureOfAsync(server, Now)).Reason);
    }

    [Fact]
    public async Task An_answer_above_the_limit_is_cut_off()
    {
        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.RawAsync($"HTTP/1.1 200 OK\r\nContent-Length: {100 * 1024 * 1024}\r\n\r\n{{\"data\":[");
            var block = Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024));
            for (var sent = 0; sent < 100; sent++)
            {
                await wire.RawAsync(block);
            }
        });
        using var client = new ProxmoxClient(Clients.Options(server) with { MaxAnswerBytes = 2_000_000 }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetResourcesAsync(Now));

        Assert.Equal(ProxmoxFailure.TooLarge, failure.Kind);
        Assert.InRange(client.Statistics.Bytes, 2_000_001, 4_000_000);
    }

    [Fact]
    public async Task A_gzip_bomb_is_cut_off_too()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.ASCII.GetBytes("{\"data\":["), Now);
            var block = Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024));
            for (var at = 0; at < 50; at++)
            {
                await gzip.WriteAsync(block, Now);
            }
        }

        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.RawAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n");
            await wire.RawAsync(bomb.ToArray());
        });
        using var client = new ProxmoxClient(Clients.Options(server) with { MaxAnswerBytes = 2_000_000 }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetResourcesAsync(Now));

        Assert.Equal(ProxmoxFailure.TooLarge, failure.Kind);
        Assert.True(bomb.Length < 1_000_000);
    }

    [Fact]
    public async Task Broken_compression_is_a_bad_answer()
    {
        await using var server = HostileServer.Saying(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nnot gzip at all");
        Assert.Equal(ProxmoxFailure.BadAnswer, (await Clients.FailureOfAsync(server, Now)).Kind);
    }

    [Fact]
    public async Task A_compressed_answer_is_read_and_compression_was_asked_for()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync("""{"data":[{"id":"node/a","type":"node"}]}"""u8.ToArray(), Now);
        }

        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.RawAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n");
            await wire.RawAsync(packed.ToArray());
        });
        using var client = Clients.Of(server);

        Assert.Equal("node/a", Assert.Single(await client.GetResourcesAsync(Now)).Id);
        Assert.Contains("gzip", server.Requests.First().Headers["Accept-Encoding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 2000")]
    [InlineData("Connection: close")]
    public async Task A_compressed_answer_that_is_cut_short_is_no_answer(string header)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var rows = string.Join(',', Enumerable.Range(0, 500).Select(id => $$"""{"id":"qemu/{{id}}","type":"qemu"}"""));
            await gzip.WriteAsync(Encoding.ASCII.GetBytes($$"""{"data":[{{rows}}]}"""), Now);
        }

        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.RawAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n{header}\r\n\r\n");
            await wire.RawAsync(packed.ToArray().AsMemory(0, (int)packed.Length / 2));
            wire.HangUp();
        });
        Assert.Contains(
            (await Clients.FailureOfAsync(server, Now)).Kind,
            (ProxmoxFailure[])[ProxmoxFailure.BadAnswer, ProxmoxFailure.Unreachable]);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{\"data\":[{\"id\":\"node/a\",\"type\":\"node\"}]}")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n{\"data\":[{\"id\":\"node/a\",\"type\":\"node\"}]}")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"data\":[\r\n1f\r\n{\"id\":\"node/a\",\"type\":\"node\"}]}\r\n0\r\n\r\n")]
    public async Task Answers_without_a_length_are_read(string bytes)
    {
        await using var server = HostileServer.Saying(bytes);
        using var client = Clients.Of(server);
        Assert.Equal("node/a", Assert.Single(await client.GetResourcesAsync(Now)).Id);
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up_within_the_limit()
    {
        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.RawAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (true)
            {
                await wire.RawAsync(" ");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, wire.Stop);
            }
        });
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Timeout = TimeSpan.FromMilliseconds(600) }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetResourcesAsync(Now));

        Assert.Equal(ProxmoxFailure.Timeout, failure.Kind);
        Assert.InRange(Assert.Single(client.Statistics.Paths).MaxAnswerTime, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_within_the_limit()
    {
        await using var server = new HostileServer((_, wire) => wire.NeverAsync());
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Timeout = TimeSpan.FromMilliseconds(400) }, TimeProvider.System);
        Assert.Equal(ProxmoxFailure.Timeout, (await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now))).Kind);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_unreachable()
    {
        await using var server = HostileServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[");
        Assert.Equal(ProxmoxFailure.Unreachable, (await Clients.FailureOfAsync(server, Now)).Kind);
    }

    [Fact]
    public async Task A_reset_is_unreachable()
    {
        await using var server = new HostileServer((_, wire) =>
        {
            wire.Reset();
            return Task.CompletedTask;
        });
        Assert.Equal(ProxmoxFailure.Unreachable, (await Clients.FailureOfAsync(server, Now)).Kind);
    }

    [Fact]
    public async Task A_late_401_is_told_as_such()
    {
        await using var server = new HostileServer(async (_, wire) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, wire.Stop);
            await wire.JsonAsync("", 401, "invalid token value!");
        });
        var failure = await Clients.FailureOfAsync(server, Now);

        Assert.Equal(ProxmoxFailure.Unauthorized, failure.Kind);
        Assert.Equal("invalid token value!", failure.Reason);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_cancelled_caller_gets_a_cancellation()
    {
        await using var server = new HostileServer((_, wire) => wire.NeverAsync());
        using var client = Clients.Of(server);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var call = client.GetNextIdAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
