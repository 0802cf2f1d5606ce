using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Ferry.Hosting.Documents.Tests")]
[assembly: InternalsVisibleTo("Ferry.Hosting.Tests")]
