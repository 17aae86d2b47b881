using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Jarvis.Server.Tests;

internal static class Problem
{
    /// <summary>Holds an answer to be a problem of this status and code, in the shape every problem has.</summary>
    public static async Task<JsonElement> Is(HttpStatusCode status, string code, HttpResponseMessage answer)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((status, code), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }
}
