using Jarvis.Server.Auth;
using Jarvis.Server.Hosting;
using Jarvis.Server.Persistence;

var builder = HostingSetup.CreateBuilder(args);
if (!builder.TryConfigure(Console.Error)) return 78;
builder.AddHosting();
builder.AddPersistence();
builder.AddAuth();

var app = builder.Build();
app.UseHosting();
app.MapAuth();
app.MapHosting();
return await app.RunToEndAsync(Console.Error);
