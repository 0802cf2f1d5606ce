/* The first start of a Windows guest on another platform: shared declarations. */
#ifndef FIRST_BOOT_H
#define FIRST_BOOT_H

#ifndef UNICODE
#define UNICODE
#endif
#ifndef _UNICODE
#define _UNICODE
#endif
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0601
#include <winsock2.h>
#include <windows.h>

#define SERVICE_NAME L"FerryFirstBoot"
#define LONGEST_PATH 1024

/* Exit codes of a script that ask for a restart, as installers of Windows use them. */
#define EXIT_RESTART_REQUIRED 3010
#define EXIT_RESTART_BEGUN 1641
/* Exit code of a script that cannot do its work yet: it is run again at the next start. */
#define EXIT_AGAIN 249

typedef enum { SCRIPTS_DONE, SCRIPTS_WANT_RESTART, SCRIPTS_LEFT } scripts_result;

/* log.c: a line with the time in UTC, appended; only the system and administrators can read the file. */
BOOL log_open(const wchar_t *path);
void log_line(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));
HANDLE log_handle(void);
const char *narrow(const wchar_t *text);

/* scripts.c: runs what is in FOLDER\scripts in the order of names, each once; MAY_REPEAT says whether one may still ask for another start. */
scripts_result run_scripts(const wchar_t *folder, DWORD limit_seconds, BOOL may_repeat, HANDLE stop);
/* Runs a command line with the log as its output. Gives FALSE when it cannot be started, when its time is up or when the service is stopped. */
BOOL run_command(wchar_t *command, const wchar_t *folder, DWORD limit_seconds, HANDLE stop, DWORD *code);

/* adapters.c: what the network script asks for; each gives the process's exit code. */
int adapter_find(const wchar_t *mac, DWORD seconds);
int adapter_rename(const wchar_t *index, const wchar_t *hex);
int adapter_forget(const wchar_t *guid);
int adapters_remove_absent(void);

#endif
