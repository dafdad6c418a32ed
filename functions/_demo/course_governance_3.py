""" "AI Governance in Practice", last part: after the launch."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

LIVING_SYSTEMS: Final[Chapter] = Chapter(
    title="Living Systems",
    description="Measuring, responding, explaining and improving after launch.",
    lessons=(
        LessonItem(
            title="Monitoring After Launch",
            description="What to watch, how often, and which numbers deserve an alarm.",
            minutes=10,
            content="""
                    Approval is a photograph; operation is a film. Users change, data shifts,
                    suppliers update.

                    ## Watch three things

                    - **Input**: length, language, share of cases outside the intended scope.
                    - **Output**: distribution of labels, refusals, disagreement by reviewers.
                    - **Outcome**: complaints, appeals, corrections, and the result the system was
                      bought for.

                    Outcomes arrive late, so inputs and outputs serve as early warnings. Break each
                    down by the groups named in the assessment; a stable average may hide a group
                    that is losing.

                    Here is such an average. A sorter handles 1,000 messages a month, 900 in
                    Indonesian and 100 in Sundanese.

                    | Correct | April | May |
                    |---|---|---|
                    | Indonesian, of 900 | 810 (90 percent) | 828 (92 percent) |
                    | Sundanese, of 100 | 80 (80 percent) | 62 (62 percent) |
                    | All, of 1,000 | 890 (89 percent) | 890 (89 percent) |

                    The line on the dashboard is flat. Eighteen more people in the small group were
                    sent to the wrong desk, and eighteen in the large group were spared. Only the
                    rows show it.

                    ## Alarms with owners

                    An alarm needs a threshold, a person and an action. Five alarms that are
                    answered beat fifty that are muted. Rehearse one: feed in a strange batch and
                    see who calls whom.

                    ## The monthly half hour

                    Read ten random cases together. Numbers tell you that something moved; cases
                    tell you what. Note one thing to change and one thing to stop measuring.

                    ## A worked example

                    A complaint sorter ran well for a year. Then the share of "other" doubled within
                    a week. The model had not changed; a new product had launched, and its name was
                    unknown to the sorter. The alarm on the distribution of labels rang two weeks
                    before the first angry call. The repair took an hour: five new examples and a
                    label. Without the alarm, that call would have been the first notice.

                    Choose such numbers before launch, while you still remember what worried you.
                    Afterwards it is tempting to watch what is easy to count. Keep the list short
                    enough to fit on one screen, and write next to each number what you would do if
                    it doubled. If nobody can answer, remove the number.
                """,
            questions=(
                Question(
                    "medium",
                    "Overall accuracy is 89 percent in April and in May. What follows?",
                    (
                        "The system performed equally well for everybody in both months",
                        "Nothing changed that would need attention",
                        "Nothing yet: a gain in one group can hide a loss in another",
                    ),
                    right=2,
                    because=(
                        "Differences cancel out in a total. Look at the groups named in the "
                        "assessment before calling a month stable."
                    ),
                ),
                Question(
                    "easy",
                    "What turns a number on a screen into an alarm?",
                    (
                        "A warning colour and a notification to all",
                        "A threshold, a person and an action",
                        "A weekly report to management",
                    ),
                    right=1,
                    because=(
                        "Without them it is noise: everybody sees it, and nobody knows what to do."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Responding to Incidents",
            description="Stop, help, understand, tell: in that order.",
            minutes=10,
            content="""
                    A chatbot shows one customer's order to another. A ranking has ignored an entire
                    province. What happens in the next hour depends on what was written the month
                    before.

                    ## Four steps

                    1. **Stop** the harm: pause, narrow the scope or fall back to a manual process.
                       The fallback must be rehearsed.
                    2. **Help** those affected before explaining yourself.
                    3. **Understand**: preserve logs, versions and prompts. Ask how it was possible
                       rather than who was careless.
                    4. **Tell**: the people affected, management, and the authority where law
                       requires it. A failure to protect personal data must be notified in writing
                       to the people concerned and to the authority within 3 x 24 hours (Article 46
                       of Law 27 of 2022), so counsel joins on day one.

                    ## The first day, hour by hour

                    An online pharmacy's chatbot answers a customer with somebody else's order,
                    including the medicine.

                    | Time | What happens | Who |
                    |---|---|---|
                    | 09:10 | agent sees the screenshot, pauses the chatbot | duty agent |
                    | 09:25 | calls both customers, orders moved to phone | Ratna |
                    | 10:00 | logs and prompt version copied, read-only | engineering |
                    | 11:30 | counsel joins, clock for notice is written down | counsel |
                    | 15:00 | 14 more cases found in the logs | engineering |
                    | 17:00 | all 15 told by phone, letter follows | Ratna |

                    Note the order. The customers were called before the cause was known. The logs
                    were copied before anybody tried a repair, because a repair might have destroyed
                    the evidence that there were fourteen more. And the agent at 09:10 asked nobody.

                    ## Size does not decide

                    One person seriously harmed is an incident. So is a thousandfold nuisance.

                    ## Learning

                    Write a blameless review within ten days: timeline, contributing conditions,
                    what worked, what changes by when. Add the case to the test set. Publish an
                    internal summary; the next team is about to make the same mistake.

                    ## The first message

                    People who were affected deserve a message that a tired person can understand.
                    Say what happened, what it means for them, what you have already done, and what
                    they can do. Avoid "may have" when you know, and avoid certainty when you do
                    not. Give a name and a number that is answered. Do not ask for patience before
                    offering help.

                    Write a template for this message now, with blanks. During an incident, nobody
                    writes well; filling blanks is possible even at midnight. Have the template read
                    by somebody from customer service and somebody from legal, and let the first one
                    win arguments about tone.
                """,
            questions=(
                Question(
                    "easy",
                    "The harm has been stopped. What comes next?",
                    (
                        "Finding out who made the mistake",
                        "Helping the people who were affected",
                        "Preparing a statement for the press",
                    ),
                    right=1,
                    because=(
                        "People first, explanation afterwards. The cause is easier to find when "
                        "nobody is being hunted."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "An engineer wants to correct the prompt at once. Why copy logs and "
                        "versions first?"
                    ),
                    (
                        "The repair may erase what shows how many people were affected",
                        "The supplier will only pay for errors that have been documented",
                        "A corrected prompt needs a new impact assessment",
                    ),
                    right=0,
                    because=(
                        "The system is paused, so the repair can wait. Evidence that has been "
                        "overwritten cannot be recovered."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Personal data was disclosed, and the cause is still unknown on the "
                        "second day. What about the notice?"
                    ),
                    (
                        "It waits until the cause is certain",
                        "It is needed only if more than a thousand people are affected",
                        "It goes out in time and says what is known so far",
                    ),
                    right=2,
                    because=(
                        "Law 27 of 2022 sets 3 x 24 hours. The notice names the data, when and "
                        "how it was disclosed, and what is being done; knowledge can be added "
                        "later."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Explaining Decisions to People",
            description="An explanation is good when its reader can act on it.",
            minutes=10,
            content="""
                    "The algorithm decided" explains nothing. Neither does a list of four hundred
                    weights. People ask for an explanation because they want to do something:
                    correct, object, improve, or trust.

                    ## Three readers

                    - **The person affected** needs the main reasons, the data used, what would
                      change the result, and how to object.
                    - **The reviewer** needs to compare with similar cases.
                    - **The auditor** needs the record: version, input, rule, responsible person.

                    Write for one reader at a time. The same decision, three times:

                    | Reader | What the text says |
                    |---|---|
                    | Applicant | statement too old; send a newer one by 30 June |
                    | Reviewer | rule 4.2; 31 similar files this month, 2 reopened |
                    | Auditor | rules v7, file hash, score not used, decided by R. Sari |

                    An applicant who receives the auditor's text learns nothing. An auditor who
                    receives the applicant's text cannot check anything.

                    ## Honest limits

                    Generated explanations of a model's output can be plausible and wrong. Prefer
                    reasons you can verify, such as a missing document or a rule in the policy. A
                    language model asked why it rejected a file writes a text that sounds like a
                    reason; the text is no record of what happened. If the true answer is that no
                    one can say, consider whether such a system should make this decision at all.

                    ## A test

                    Give the explanation to someone outside the team. Can they say what to do next?
                    If not, rewrite. Test it in Indonesian as well as English; a polite passive
                    voice easily hides who decided.

                    ## Two versions

                    *Version one:* "Your application was unsuccessful following automated assessment
                    against internal criteria." *Version two:* "We could not approve your
                    application because the income statement is older than three months. Send a
                    newer one by 30 June and we will look again within five days. If you think that
                    this is wrong, call Rina's team; a person will read your file."

                    The second is longer and costs more: somebody must know the reason, keep the
                    promise and answer the phone. That cost is the point. A system whose decisions
                    cannot be explained in this way is telling you something about where it may be
                    used.
                """,
            questions=(
                Question(
                    "easy",
                    "What is the mark of a good explanation for the person affected?",
                    (
                        "The person can say what to do next",
                        "It lists every factor with its weight",
                        "It uses the wording of the law",
                    ),
                    right=0,
                    because=(
                        "People ask in order to correct, object or improve. Completeness without "
                        "a next step does not help them."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "A model that rejected an application is asked for its reasons and gives "
                        "three convincing ones. How may they be used?"
                    ),
                    (
                        "As the reasons of the decision, because the model produced both",
                        "Not at all, because generated text is never correct",
                        "As claims, each to be checked against the file and the rules",
                    ),
                    right=2,
                    because=(
                        "The text is generated afterwards and can be plausible and wrong. A "
                        "reason that the file confirms may be given to the applicant."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="A Ninety-Day Plan",
            description="From nothing to a working practice, one month at a time.",
            minutes=10,
            content="""
                    Governance fails by ambition. Begin with what one person can keep alive.

                    ## Month one: see

                    Make the inventory, name owners, mark the high tier. Announce the amnesty.
                    Publish a one-page rule for everyday use.

                    ## Month two: decide

                    Run two impact assessments on real high-tier systems. Record the decisions,
                    including one "not yet". Test one off switch in working hours, with notice.

                    ## Month three: live

                    Start the monthly half hour. Rehearse one incident. Add governance questions to
                    purchasing. Report to management on one page: what we run, what worries us, what
                    we stopped.

                    ## What it costs

                    The plan fits beside a normal job if somebody says so beforehand. For a company
                    of 300 people with about thirty uses of AI:

                    | Work | Who | Hours in 90 days |
                    |---|---|---|
                    | Inventory, first round | one coordinator | 30 |
                    | Two impact assessments | five people, 90 minutes each | 15 |
                    | Preparing and writing them up | coordinator | 16 |
                    | Off switch and incident rehearsal | four people | 12 |
                    | Monthly half hour, three times | six people | 9 |
                    | Total | | 82 |

                    Eighty-two hours are two working weeks of one person, spread over a dozen
                    people. Show the table when you ask for the mandate. A plan without hours is
                    understood as a plan for evenings.

                    ## Signs that it works

                    People ask before buying. Someone has paused a system without being punished. An
                    appeal has changed a decision. The inventory contains a surprise. None of these
                    is a document.

                    Then repeat, a little better. The practice belongs to those who use it, so hand
                    over one ritual each quarter to somebody new.

                    ## What to leave out

                    Three tempting projects can wait. A perfect taxonomy of AI: the inventory
                    teaches you which words you need. A dashboard: a plain table read every month
                    beats charts that nobody opens. A training for everybody: begin with the ten
                    people who own systems, and let their questions write the course. Ask counsel
                    first whether a law that applies to you expects more.

                    Protect the half hour in the calendar as you would a meeting with a customer.
                    Practices die quietly, by one cancelled meeting after another. If month two
                    slips, shorten the plan rather than the conversations: one honest assessment is
                    worth more than two that were filled in on a train.
                """,
            questions=(
                Question(
                    "easy",
                    "What belongs in the first month?",
                    (
                        "Certification of the management system",
                        "An inventory with owners, and a one-page rule",
                        "Impact assessments of all systems",
                    ),
                    right=1,
                    because=(
                        "You cannot decide about what you have not seen. Assessing everything at "
                        "once is how such plans die."
                    ),
                ),
                Question(
                    "medium",
                    "Which observation is the best sign that governance works?",
                    (
                        "The policy has been read and signed by everybody",
                        "No objection has been raised for six months",
                        "An appeal has changed a decision",
                    ),
                    right=2,
                    because=(
                        "A changed decision shows that the route exists and has effect. Silence "
                        "and signatures are compatible with nobody looking."
                    ),
                ),
                Question(
                    "medium",
                    'Why is a recorded "not yet" valuable?',
                    (
                        "It shows that the gate can hold something back",
                        "It proves that the reviewer is stricter than the owner",
                        "It postpones the cost of an assessment",
                    ),
                    right=0,
                    because=(
                        "A process that has only ever approved has not been tested. The record "
                        "also says what would turn it into a yes."
                    ),
                ),
            ),
        ),
    ),
)
