using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Jarvis.Server.Hosting;

/// <summary>Serves the built web app: compressed files as the build left them, hashed names for ever, anything else asked
/// for anew, and the page itself for every address that is a view of it.</summary>
internal sealed partial class WebApp : IDisposable
{
    private static readonly PathString[] Reserved = ["/api", "/hubs", "/mcp", "/.well-known", "/openapi", "/docs", "/metrics"];
    private readonly PhysicalFileProvider? _files;

    public WebApp(IOptions<WebOptions> options, IWebHostEnvironment environment)
    {
        var root = Path.GetFullPath(options.Value.Root ?? environment.WebRootPath ?? Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        if (Directory.Exists(root)) _files = new(root, ExclusionFilters.Sensitive);
    }

    /// <summary>Answers what no endpoint does, outside the paths of the API.</summary>
    public static void Use(WebApplication app)
    {
        var web = app.Services.GetRequiredService<WebApp>();
        app.Use((context, next) => context.GetEndpoint() switch
        {
            null when !Array.Exists(Reserved, p => context.Request.Path.StartsWithSegments(p)) => web.Serve(context).ExecuteAsync(context),
            // Routing's own answers, 405 and 415, would be hidden by the demand to sign in.
            { RequestDelegate: { } answer } endpoint when endpoint is not RouteEndpoint => answer(context),
            _ => next(context),
        });
    }

    public void Dispose() => _files?.Dispose();

    private IResult Serve(HttpContext context)
    {
        var path = context.Request.Path.Value?.TrimStart('/') ?? "";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
        var name = path.Length == 0 ? "index.html" : path;
        var file = Find(name);
        if (file is null && MayBeView(path, context.Request)) file = Find(name = "index.html");
        if (file is null) return TypedResults.NotFound();

        var type = TypeOf(Path.GetExtension(name));
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = HashedName().IsMatch(name) ? "public, max-age=31536000, immutable" : "no-cache";
        var encoding = "";
        foreach (var (token, suffix) in ((string, string)[])[("br", ".br"), ("gzip", ".gz")])
        {
            if (!Accepts(context.Request, token) || Find(name + suffix) is not { } smaller) continue;
            (file, encoding) = (smaller, token);
            headers.ContentEncoding = token;
            break;
        }

        var tag = new EntityTagHeaderValue($"\"{file.Length:x}-{file.LastModified.UtcTicks:x}{encoding}\"");
        return TypedResults.PhysicalFile(file.PhysicalPath!, type, lastModified: file.LastModified, entityTag: tag);
    }

    private IFileInfo? Find(string path) => _files?.GetFileInfo(path) is { Exists: true, IsDirectory: false, PhysicalPath: not null } file ? file : null;

    // Names in a view's address may hold dots, such as a node called pve.lan.
    private static bool MayBeView(string path, HttpRequest request)
    {
        if (path.StartsWith("assets/", StringComparison.OrdinalIgnoreCase) || path.Split('/', '\\').Any(s => s.StartsWith('.'))) return false;
        var accepts = request.GetTypedHeaders().Accept;
        return accepts.Count == 0
            ? !Path.HasExtension(path)
            : accepts.Any(a => a.Quality is not 0 && (a.MatchesAllTypes ? !Path.HasExtension(path) : a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)));
    }

    private static bool Accepts(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);

    private static string TypeOf(string extension) => extension.ToLowerInvariant() switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" or ".map" => "application/json",
        ".webmanifest" => "application/manifest+json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".webp" => "image/webp",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".woff" => "font/woff",
        ".wasm" => "application/wasm",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    [GeneratedRegex(@"^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")]
    private static partial Regex HashedName();
}
