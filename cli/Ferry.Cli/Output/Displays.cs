using Spectre.Console;

namespace Ferry.Cli.Output;

/// <summary>Chooses the display: live on a terminal, plain lines otherwise, none of it on standard output when that is a JSON document.</summary>
internal static class Displays
{
    public static async Task<T> RunAsync<T>(bool json, TimeProvider time, Func<IConversionDisplay, Task<T>> work)
    {
        if (!json && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive)
        {
            T result = default!;
            await AnsiConsole.Live(new Text("")).StartAsync(async context => result = await work(new LiveDisplay(context, time)));
            return result;
        }

        return await work(new PlainDisplay(json ? Console.Error : Console.Out, time));
    }
}
