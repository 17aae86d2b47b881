namespace Jarvis.Server.Auth;

/// <summary>The two cookies of a session; no script can read either.</summary>
internal static class Cookies
{
    public const string Refresh = "jarvis_refresh";
    public const string Hub = "jarvis_access";
    public const string RefreshPath = "/api/auth";
    public const string HubPath = "/hubs";

    public static void Set(HttpContext context, Sessions sessions, LiveSession session)
    {
        context.Response.Cookies.Append(Refresh, sessions.RefreshToken(session), Flags(context, RefreshPath, sessions.SessionLife));
        context.Response.Cookies.Append(Hub, sessions.HubToken(session), Flags(context, HubPath, sessions.SessionLife));
    }

    public static void Clear(HttpContext context)
    {
        context.Response.Cookies.Delete(Refresh, Flags(context, RefreshPath, null));
        context.Response.Cookies.Delete(Hub, Flags(context, HubPath, null));
    }

    private static CookieOptions Flags(HttpContext context, string path, TimeSpan? life) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = path, MaxAge = life, IsEssential = true,
    };
}
