using System.Text;

namespace Ferry.Hosting.Outbox;

/// <summary>Names of queues: kebab case, lower case.</summary>
public static class QueueName
{
    /// <summary>The queue of a command: <c>CaptureMachine</c> is <c>capture-machine</c>.</summary>
    public static string For(Type command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var name = new StringBuilder();
        foreach (var letter in command.Name)
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('-');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
