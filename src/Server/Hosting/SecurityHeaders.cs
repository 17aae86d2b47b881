using System.Net;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hosting;

/// <summary>Headers on every answer, and the refusal of requests that a foreign page or a rebound name sends.</summary>
internal static class SecurityHeaders
{
    internal const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
        + "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // The reference page styles itself from script.
    internal const string DocsPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        + "worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly PathString[] Guarded = ["/api", "/hubs", "/mcp", "/metrics"];

    public static WebApplication UseSecurityHeaders(this WebApplication app)
    {
        // Told once, a browser insists on a valid certificate for this host name on every port, and lets nobody past a warning, for a
        // year. That is right for a name whose certificate others vouch for; by an authority of our own, one that is made
        // anew would lock people out, and what else listens on the machine would be reached no more.
        var lasting = app.Services.GetRequiredService<IOptions<TlsOptions>>().Value.Given || app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.BehindProxy;
        app.Use((context, next) =>
        {
            // At the last moment, because an exception handler clears what was set before.
            context.Response.OnStarting(lasting ? AddLasting : AddAll, context);
            return next(context);
        });
        return app;
    }

    public static WebApplication UseHostAndOriginCheck(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        string[] own = options.IsLoopback && !options.BehindProxy ? [] : [.. OwnNames.Hosts()];
        var hosts = new HashSet<string>(["localhost", "127.0.0.1", "[::1]", .. own, .. options.AllowedHosts], StringComparer.OrdinalIgnoreCase);
        var origins = options.AllowedOrigins.Select(o => o.GetLeftPart(UriPartial.Authority)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (!hosts.Contains(request.Host.Host) && !IsOwnAddress(context))
                return Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "HOST_REFUSED", "This server does not answer to that host name; Server:AllowedHosts lists those it does.");
            return IsForeign(request, origins)
                ? Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "ORIGIN_REFUSED", "The page that sent this is not of this server; Server:AllowedOrigins lists others that may.")
                : next(context);
        });
        return app;
    }

    // The address that the connection came in by, as a machine may get another at any time; no name can be rebound to it.
    private static bool IsOwnAddress(HttpContext context) =>
        IPAddress.TryParse(context.Request.Host.Host, out var asked) && context.Connection.LocalIpAddress is { } own
        && asked.Equals(own.IsIPv4MappedToIPv6 ? own.MapToIPv4() : own);

    private static bool IsForeign(HttpRequest request, HashSet<string> origins)
    {
        if (!Array.Exists(Guarded, p => request.Path.StartsWithSegments(p))) return false;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        return !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase) && !origins.Contains(origin);
    }

    private static readonly Func<object, Task> AddAll = static state => Add((HttpContext)state, lasting: false);
    private static readonly Func<object, Task> AddLasting = static state => Add((HttpContext)state, lasting: true);

    private static Task Add(HttpContext context, bool lasting)
    {
        var headers = context.Response.Headers;
        var path = context.Request.Path;
        headers.ContentSecurityPolicy = path.StartsWithSegments("/docs") ? DocsPolicy : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        if (lasting && context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        if (path.StartsWithSegments("/api") && headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
