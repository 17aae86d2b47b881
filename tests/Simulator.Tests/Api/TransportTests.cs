using System.Net.Http.Headers;
using System.Text;

namespace Jarvis.Simulator.Tests.Api;

public sealed class TransportTests
{
    [Fact]
    public async Task Every_node_has_its_own_address_and_leaf()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3"], rig.Host.Endpoints.Select(e => e.Host));
        Assert.Equal(3, rig.Host.Fingerprints.Values.Distinct().Count());
        Assert.All(rig.Host.Fingerprints.Values, f => Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", f));
        Assert.Equal(200, (await rig.GetAsync("/version", 2)).Status);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_restart_on_the_same_folder_keeps_the_fingerprints_and_hides_the_keys()
    {
        var folder = Directory.CreateTempSubdirectory("sim-data-");
        try
        {
            IReadOnlyDictionary<string, string> first;
            await using (var rig = await Rig.StartAsync(new SimulatorOptions { DataFolder = folder.FullName }))
            {
                first = rig.Host.Fingerprints;
                Assert.True(File.Exists(rig.Host.CaFile));
            }
            await using var again = await Rig.StartAsync(new SimulatorOptions { DataFolder = folder.FullName });
            Assert.Equal(first, again.Host.Fingerprints);
            Assert.All(folder.GetFiles(), f =>
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f.FullName)));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public async Task The_error_text_stands_in_the_reason_phrase_and_the_message()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.GetAsync("/nodes/pve1/qemu/4711/status/current");
        Assert.Equal((500, "Configuration file 'nodes/pve1/qemu-server/4711.conf' does not exist"),
            (reply.Status, reply.Reason));
        Assert.Equal(reply.Reason + "\n", reply.Root.GetProperty("message").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, reply.Data.ValueKind);
    }

    [Fact]
    public async Task Answers_carry_the_headers_of_the_real_proxy()
    {
        await using var rig = await Rig.StartAsync();
        using var response = await rig.Http.SendAsync(rig.Request("GET", "/version"), Rig.Cancel);
        Assert.Equal("pve-api-daemon/3.0", response.Headers.Server.ToString());
        Assert.Equal("application/json;charset=UTF-8",
            response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("max-age=0", response.Headers.CacheControl!.ToString());
        Assert.Equal("no-cache", response.Headers.Pragma.ToString());
        Assert.Equal(new Version(1, 1), response.Version);
        Assert.Equal(response.Headers.Date, response.Content.Headers.Expires);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task Other_verbs_are_not_available(string method)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.SendAsync(rig.Request(method, "/version"));
        Assert.Equal((501, $"method '{method}' not available"), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("GET", "/foo")]
    [InlineData("POST", "/version")]
    [InlineData("GET", "/nodes/pve1/qemu/100/nonsense")]
    public async Task An_unknown_path_or_verb_is_not_implemented(string method, string path)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.SendAsync(rig.Request(method, path));
        Assert.Equal((501, $"Method '{method} {path}' not implemented"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task An_unknown_format_has_no_formatter()
    {
        await using var rig = await Rig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, rig.Address("/version", format: "xml"));
        request.Headers.TryAddWithoutValidation("Authorization", rig.Authorization);
        var reply = await rig.SendAsync(request);
        Assert.Equal(501, reply.Status);
        Assert.StartsWith("no formatter for uri", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_extjs_format_answers_200_with_success_in_the_body()
    {
        await using var rig = await Rig.StartAsync();
        using var good = new HttpRequestMessage(HttpMethod.Get, rig.Address("/version", format: "extjs"));
        good.Headers.TryAddWithoutValidation("Authorization", rig.Authorization);
        Assert.Equal(1, (await rig.SendAsync(good)).Root.GetProperty("success").GetInt32());
        using var bad = new HttpRequestMessage(HttpMethod.Get,
            rig.Address("/nodes/pve1/qemu/4711/config", format: "extjs"));
        bad.Headers.TryAddWithoutValidation("Authorization", rig.Authorization);
        var reply = await rig.SendAsync(bad);
        Assert.Equal(200, reply.Status);
        Assert.Equal((0, 500), (reply.Root.GetProperty("success").GetInt32(),
            reply.Root.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Chunked_bodies_are_refused()
    {
        await using var rig = await Rig.StartAsync();
        var request = rig.Request("POST", "/nodes/pve3/qemu/105/status/start");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent("timeout=5", Encoding.UTF8, "application/x-www-form-urlencoded");
        var reply = await rig.SendAsync(request);
        Assert.Equal((501, "chunked transfer encoding not supported"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_body_on_delete_is_refused()
    {
        await using var rig = await Rig.StartAsync();
        var request = rig.Request("DELETE", "/nodes/pve3/qemu/105");
        request.Content = new StringContent("purge=1", Encoding.UTF8, "application/x-www-form-urlencoded");
        var reply = await rig.SendAsync(request);
        Assert.Equal((501, "Unexpected content for method 'DELETE'"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_body_over_half_a_mebibyte_is_refused()
    {
        await using var rig = await Rig.StartAsync();
        var request = rig.Request("PUT", "/nodes/pve3/qemu/105/config");
        request.Content = new StringContent("description=" + new string('x', 600_000), Encoding.UTF8,
            "application/x-www-form-urlencoded");
        var reply = await rig.SendAsync(request);
        Assert.Equal((501, "for data too large"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_foreign_content_type_is_506()
    {
        await using var rig = await Rig.StartAsync();
        var request = rig.Request("PUT", "/nodes/pve3/qemu/105/config");
        request.Content = new StringContent("<a/>", Encoding.UTF8, "text/xml");
        Assert.Equal(506, (await rig.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Json_bodies_do_as_well_as_forms_even_an_empty_one()
    {
        await using var rig = await Rig.StartAsync();
        var change = rig.Request("PUT", "/nodes/pve3/qemu/105/config");
        change.Content = new StringContent("{\"cores\":3,\"onboot\":true}", Encoding.UTF8, "application/json");
        Assert.Equal(200, (await rig.SendAsync(change)).Status);
        Assert.Equal(3, (await rig.GetAsync("/nodes/pve3/qemu/105/config")).Data.GetProperty("cores").GetInt32());
        var start = rig.Request("POST", "/nodes/pve3/qemu/105/status/start");
        start.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal("OK", await rig.FinishAsync(await rig.SendAsync(start)));
    }

    [Fact]
    public async Task Repeated_form_parameters_make_an_array()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync("/nodes/pve2/qemu/102/agent/exec", ("command", "echo"),
            ("command", "two words"));
        var pid = reply.Data.GetProperty("pid").GetInt32();
        rig.Pass(5);
        var status = await rig.GetAsync($"/nodes/pve2/qemu/102/agent/exec-status?pid={pid}");
        Assert.Equal("two words\n", status.Data.GetProperty("out-data").GetString());
    }

    [Fact]
    public async Task A_repeated_scalar_parameter_fails_its_type_check()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.GetAsync("/cluster/resources?type=vm&type=node");
        Assert.Equal("type check ('string') failed - got ARRAY", reply.Error("type"));
    }

    [Fact]
    public async Task The_query_wins_over_the_body()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(200, (await rig.PutAsync("/nodes/pve3/qemu/105/config?cores=6", ("cores", "2"))).Status);
        Assert.Equal(6, (await rig.GetAsync("/nodes/pve3/qemu/105/config")).Data.GetProperty("cores").GetInt32());
    }

    [Fact]
    public async Task A_semicolon_splits_parameters_and_must_be_encoded_in_values()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(400, (await rig.PutAsync("/nodes/pve3/qemu/105/config?tags=a;b")).Status);
        Assert.Equal(200, (await rig.PutAsync("/nodes/pve3/qemu/105/config?tags=a%3Bb")).Status);
        Assert.Equal("a;b", (await rig.GetAsync("/nodes/pve3/qemu/105/config")).Data.GetProperty("tags").GetString());
    }

    [Fact]
    public async Task The_cache_buster_double_slashes_and_localhost_are_understood()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(200, (await rig.GetAsync("/version?_dc=123")).Status);
        Assert.Equal(200, (await rig.GetAsync("//nodes//pve1/status")).Status);
        Assert.Equal(200, (await rig.GetAsync("/nodes/localhost/lxc/103/status/current", 1)).Status);
    }

    [Fact]
    public async Task Volume_names_may_be_encoded_or_raw_and_task_names_too()
    {
        await using var rig = await Rig.StartAsync();
        const string Volume = "local:iso/debian-13.2.0-amd64-netinst.iso";
        Assert.Equal(200, (await rig.GetAsync("/nodes/pve1/storage/local/content/"
            + Uri.EscapeDataString(Volume))).Status);
        Assert.Equal(200, (await rig.GetAsync("/nodes/pve1/storage/local/content/" + Volume)).Status);
        var upid = (await rig.PostAsync("/nodes/pve3/qemu/105/status/start")).Data.GetString()!;
        Assert.Equal(200, (await rig.GetAsync($"/nodes/pve3/tasks/{upid}/status")).Status);
        Assert.Equal(200, (await rig.GetAsync($"/nodes/pve3/tasks/{Uri.EscapeDataString(upid)}/status")).Status);
    }

    [Fact]
    public async Task Long_answers_are_compressed_for_those_who_accept_it_and_short_ones_never()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("gzip", await EncodingOf(rig, "/cluster/resources", true));
        Assert.Null(await EncodingOf(rig, "/cluster/resources", false));
        Assert.Null(await EncodingOf(rig, "/version", true));
    }

    [Fact]
    public async Task Errors_close_the_connection_and_successes_do_not()
    {
        await using var rig = await Rig.StartAsync();
        Assert.False((await rig.GetAsync("/version")).Closes);
        Assert.True((await rig.GetAsync("/foo")).Closes);
    }

    [Fact]
    public async Task A_401_is_held_back()
    {
        await using var rig = await Rig.StartAsync(new SimulatorOptions { UnauthorizedDelay = TimeSpan.FromSeconds(.5) });
        rig.Authorization = null;
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal((401, "No ticket", ""), await Brief(rig));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, .45, 5);
    }

    private static async Task<(int, string, string)> Brief(Rig rig)
    {
        var reply = await rig.GetAsync("/version");
        return (reply.Status, reply.Reason, reply.Text);
    }

    private static async Task<string?> EncodingOf(Rig rig, string path, bool accept)
    {
        using var request = rig.Request("GET", path);
        if (accept)
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        }
        using var response = await rig.Http.SendAsync(request, Rig.Cancel);
        return response.Content.Headers.ContentEncoding.FirstOrDefault();
    }
}
