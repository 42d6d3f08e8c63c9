/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a command to a running process.
 *
 * A text goes to /bin/sh when it has shell metacharacters, begins with "exec " or ". " or sets a
 * variable; otherwise it is split at white space and executed directly.  That is Perl's rule.
 */
#include "io/command.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"

#define SHELL "/bin/sh"
#define SPACES " \t\n\v\f\r"
#define METACHARACTERS "$&*(){}[]'\";\\|?<>~`\n"

extern char **environ;

static bool shell_by_its_start(const char *text)
{
    if ((*text == '.' && is_space(text[1])) || (strncmp(text, "exec", 4) == 0 && is_space(text[4])))
        return true;
    while (is_word(*text))
        text++;
    return *text == '=';
}

/* Is "2>&1" all that is left, where `at` is its '>'? */
static bool joins_error(const char *text, const char *at)
{
    return strncmp(at, ">&1", 3) == 0 && at > text + 1 && at[-1] == '2' && is_space(at[-2]) &&
           at[3 + strspn(at + 3, SPACES)] == '\0';
}

/* Cuts off what no shell is needed for; true when one is needed for the rest. */
static bool needs_shell(char *text, bool *joined)
{
    if (shell_by_its_start(text))
        return true;
    char *at = text + strcspn(text, METACHARACTERS);
    if (*at == '\0')
        return false;
    if (*at == '\n' && at[1] == '\0') {
        *at = '\0';
        return false;
    }
    if (!joins_error(text, at))
        return true;
    *joined = true;
    at[-2] = '\0';
    return false;
}

static void split_words(struct executable *executable, char *at)
{
    size_t count = 0;
    executable->argv = mem_array(NULL, strlen(at) / 2 + 2, sizeof(char *));
    while (*(at += strspn(at, SPACES)) != '\0') {
        executable->argv[count++] = at;
        at += strcspn(at, SPACES);
        if (*at != '\0')
            *at++ = '\0';
    }
    executable->argv[count] = NULL;
    executable->file = executable->argv[0];
}

static void read_text(struct executable *executable, struct bytes text)
{
    executable->text = bytes_cstr(text);
    char *start = executable->text + strspn(executable->text, SPACES);
    if (!needs_shell(start, &executable->joined)) {
        split_words(executable, start);
        return;
    }
    static char sh[] = "sh", option[] = "-c";
    executable->file = SHELL;
    executable->argv = mem_array(NULL, 4, sizeof(char *));
    memcpy(executable->argv, (char *[]){sh, option, start, NULL}, 4 * sizeof(char *));
}

/* The words one after the other, each ended by a NUL. */
static void read_words(struct executable *executable, const struct command *command)
{
    struct buf text = {0};
    for (size_t i = 0; i < command->count; i++)
        buf_cat(&text, command->words[i], bytes_make("", 1));
    executable->text = bytes_cstr(buf_bytes(&text));
    buf_free(&text);
    executable->argv = mem_array(NULL, command->count + 1, sizeof(char *));
    char *at = executable->text;
    for (size_t i = 0; i < command->count; i++) {
        executable->argv[i] = at;
        at += command->words[i].len + 1;
    }
    executable->argv[command->count] = NULL;
    executable->file = executable->argv[0];
}

void executable_read(struct executable *executable, const struct command *command)
{
    *executable = (struct executable){0};
    if (command->words)
        read_words(executable, command);
    else
        read_text(executable, command->text);
}

void executable_free(struct executable *executable)
{
    free(executable->argv);
    free(executable->text);
}

/* Is a signal ignored that the C library keeps to itself, and does not tell of? */
static bool is_ignored(int number)
{
    struct {
        void (*handler)(int); /* first in the kernel's structure */
        unsigned long rest[8];
    } action = {0};
    return syscall(SYS_rt_sigaction, number, NULL, &action, (size_t)_NSIG / 8) == 0 &&
           action.handler == SIG_IGN;
}

/* Adds those signals to the set, unless they are ignored; sigaddset refuses them. */
static void add_reserved(sigset_t *set)
{
    enum { FIRST_RESERVED = 32, WORD_BITS = 8 * sizeof(unsigned long) };
    unsigned long words[sizeof(*set) / sizeof(unsigned long)];
    memcpy(words, set, sizeof(words));
    for (int number = FIRST_RESERVED; number < SIGRTMIN; number++) {
        if (!is_ignored(number))
            words[(number - 1) / WORD_BITS] |= 1ul << (number - 1) % WORD_BITS;
    }
    memcpy(set, words, sizeof(words));
}

/* Handlers are reset by exec itself; ignored signals stay ignored but for these two,
 * which the engine has changed for itself, and for those that the C library keeps to
 * itself: spawning leaves them ignored unless they are in the set.  What is blocked stays
 * blocked, as for children of SEC. */
static void set_signals(posix_spawnattr_t *attributes)
{
    sigset_t reset;
    sigemptyset(&reset);
    add_reserved(&reset);
    sigaddset(&reset, SIGPIPE);
    sigaddset(&reset, SIGTERM);
    posix_spawnattr_setsigdefault(attributes, &reset);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

static int spawn(const struct executable *executable, int input, int output, pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    set_signals(&attributes);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (output >= 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (executable->joined)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    int error =
        posix_spawnp(pid, executable->file, &actions, &attributes, executable->argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static void say_not_executed(const char *file, int error)
{
    struct buf message = {0};
    buf_cat(&message, B("Can't exec \""), bytes_of(file), B("\": "), error_text(error), B(".\n"));
    ssize_t ignored = write(STDERR_FILENO, message.ptr, message.len);
    (void)ignored;
}

static _Noreturn void execute(const struct executable *executable, int input, int output)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (input >= 0)
        dup2(input, STDIN_FILENO);
    if (output >= 0)
        dup2(output, STDOUT_FILENO);
    if (executable->joined)
        dup2(STDOUT_FILENO, STDERR_FILENO);
    if (executable->file) {
        execvp(executable->file, executable->argv);
        say_not_executed(executable->file, errno);
    }
    _exit(1);
}

/* Spawning tells at once that a program cannot be executed, but then there is no process, which
 * the log and the rules expect; so a forked one tries again, and execvp may yet find a script
 * without "#!". */
pid_t executable_start(const struct executable *executable, int input, int output)
{
    pid_t pid = -1;
    if (executable->file && spawn(executable, input, output, &pid) == 0)
        return pid;
    pid = fork();
    if (pid == 0)
        execute(executable, input, output);
    return pid;
}

pid_t executable_spawn(const struct executable *executable, int input, int output)
{
    pid_t pid = -1;
    int error = executable->file ? spawn(executable, input, output, &pid) : ENOENT;
    errno = error;
    return error == ENOEXEC ? executable_start(executable, input, output) : pid;
}
