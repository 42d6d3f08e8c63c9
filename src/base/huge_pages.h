/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heap in huge pages, where the system has them.
 *
 * Rules, contexts and operations are many small pieces that are visited in no order.  In pages of 4
 * KiB, a third or more of the time spent on them goes into page faults and address translation.  So
 * the heap grows in large steps, and each step is offered to the kernel for huge pages (madvise(2),
 * MADV_HUGEPAGE) before it is used.  What is not used takes no memory; where the kernel or the C
 * library does not support this, nothing else changes.
 *
 * Memory that enormous lines took is given back when there is nothing else to do. */
#ifndef SECANT_BASE_HUGE_PAGES_H
#define SECANT_BASE_HUGE_PAGES_H

/* To be called once, before much is allocated. */
void huge_pages_start(void);
/* Offers what the heap has grown by since the last call; costs next to nothing if it has not grown.
 * To be called from time to time, at least once every few MiB of allocations. */
void huge_pages_look(void);

/* A piece larger than this is freed with free_large as soon as it is not needed any more: room that
 * grew for one enormous line is not kept for the next. */
enum { LARGE_PIECE = 1024 * 1024 };
void free_large(void *piece);
/* If large pieces were freed since the last call, gives the memory back to the system, which takes
 * milliseconds.  To be called when there is nothing else to do. */
void huge_pages_give_back(void);

#endif
