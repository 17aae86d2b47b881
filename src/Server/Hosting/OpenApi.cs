using Scalar.AspNetCore;

namespace Jarvis.Server.Hosting;

/// <summary>The description of the REST API at <c>/openapi/v1.json</c> and a page to read it at <c>/docs</c>, all from this
/// server: the stock page carries an inline script that our content policy refuses, so the page here starts it from a file.</summary>
internal static class OpenApi
{
    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Jarvis API</title></head>
        <body><div id="app"></div><script src="/docs/scalar.js"></script><script src="/docs/start.js"></script></body>
        </html>
        """;

    private const string Start = """
        Scalar.createApiReference('#app', {
          url: '/openapi/v1.json',
          withDefaultFonts: false,
          telemetry: false,
          hideClientButton: true,
          agent: { disabled: true },
          mcp: { disabled: true },
          showDeveloperTools: 'never',
          darkMode: true,
        });
        """;

    public static WebApplicationBuilder AddApiDescription(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Jarvis";
            document.Info.Version = typeof(OpenApi).Assembly.GetName().Version!.ToString(3);
            document.Servers = [];
            return Task.CompletedTask;
        }));
        return builder;
    }

    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapGet("/docs", () => TypedResults.Text(Page, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/docs/start.js", () => TypedResults.Text(Start, "text/javascript; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapScalarApiReference("/docs").AllowAnonymous();
    }
}
