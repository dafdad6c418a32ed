""" "Prompting untuk Profesional", third part: daily work."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

DAILY_WORK: Final[Chapter] = Chapter(
    title="Prompt untuk Pekerjaan Sehari-hari",
    description="Menulis, merangkum, menganalisis, dan berapat dengan bantuan AI.",
    lessons=(
        LessonItem(
            title="Menulis dan Menyunting",
            description=(
                "Draf dari catatan, suntingan tanpa kehilangan suara, dan cara menjaga fakta."
            ),
            minutes=10,
            content="""
                    AI paling menolong ketika Anda sudah tahu apa yang ingin dikatakan. Mulailah
                    dari catatan, bukan halaman kosong.

                    ## Dari catatan ke draf

                    Tulis enam butir kasar dalam kata Anda sendiri. Minta model menyusunnya menjadi
                    surel tanpa menambah fakta. Lalu bandingkan: adakah kalimat yang tidak berasal
                    dari butir mana pun? Kalimat itu tambahan model. Hapus, atau sadari bahwa kini
                    Anda yang menyatakannya.

                    > Susun surel kepada peserta dari butir di bawah. Setiap kalimat harus berasal
                      dari satu butir; tulis nomor butirnya dalam kurung di akhir kalimat. Jangan
                      menambah alasan, janji, atau basa-basi. Paling banyak 90 kata.

                    Nomor dalam kurung adalah alat periksa, dan Anda menghapusnya sebelum mengirim.
                    Kalimat tanpa nomor langsung terlihat. Kalimat dengan nomor pun belum aman:
                    cocokkan apakah isinya sama dengan butirnya, bukan hanya bertetangga dengannya.

                    ## Menyunting tanpa kehilangan suara

                    Mintalah daftar usulan, bukan teks baru: *Sebutkan lima kalimat yang paling
                    sulit dibaca dan usulkan gantinya.* Anda memilih. Cara ini lebih lambat sepuluh
                    menit, tetapi tulisan tetap terdengar seperti Anda.

                    Contoh usulan dan keputusannya:

                    | Kalimat asli | Usulan model | Keputusan |
                    |---|---|---|
                    | Dimohon kehadirannya. | Kami menunggu Anda. | terima |
                    | Dana belum cair. | Dana segera cair. | tolak |
                    | Mohon maklum adanya. | (hapus) | terima |

                    Usulan kedua lebih enak dibaca, tetapi artinya berubah: "belum" menjadi janji.
                    Suntingan gaya yang mengubah arti adalah jenis kesalahan yang paling mudah
                    lolos.

                    ## Tiga pemeriksaan akhir

                    - Nama, angka, tanggal: cocokkan dengan catatan.
                    - Kata penegas: "pasti", "selalu", "seluruh". Benarkah?
                    - Janji: apakah ada kesanggupan yang tidak pernah Anda putuskan?

                    Bacalah keras-keras sekali. Telinga menangkap kalimat yang bukan milik kita
                    lebih cepat daripada mata.

                    ## Contoh dua versi

                    Catatan: *acara diundur, ruang sama, tanggal 14, mohon kabari katering.* Draf
                    pertama model menambahkan "karena kendala teknis". Kendala itu tidak pernah ada;
                    acara diundur karena pembicara sakit. Kalimat kecil seperti ini terasa tidak
                    berbahaya sampai seseorang bertanya kendala teknis yang mana. Versi kedua
                    dihasilkan dengan satu baris tambahan: *jangan menyebut alasan.*

                    ## Menyesuaikan nada

                    Untuk surel yang sulit, mintalah dua nada: lugas dan hangat. Baca keduanya, lalu
                    susun sendiri dari potongan yang tepat. Pilihan kata dalam kabar buruk adalah
                    pekerjaan Anda; penerima akan mengingat siapa yang mengirimnya, bukan alat yang
                    membantu.

                    ## Coba sendiri

                    Ambil surel terpenting minggu ini. Minta lima kalimat tersulit beserta
                    usulannya, terima paling banyak dua.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "Dalam draf ada kalimat yang tidak berasal dari butir catatan Anda. Apa "
                        "yang dilakukan?"
                    ),
                    (
                        "Menghapusnya, atau memutuskan bahwa Anda memang menyatakannya",
                        "Membiarkannya bila membuat surel lebih sopan",
                        "Menandainya dengan huruf miring supaya penerima tahu asalnya dari AI",
                    ),
                    right=0,
                    because=(
                        "Setelah dikirim, setiap kalimat menjadi pernyataan Anda, siapa pun yang "
                        "menyusunnya."
                    ),
                ),
                Question(
                    "medium",
                    "Mengapa meminta daftar usulan sering lebih baik daripada meminta teks baru?",
                    (
                        "Daftar usulan lebih hemat token",
                        "Setiap perubahan dapat diterima atau ditolak sendiri",
                        "Model lebih jarang keliru dalam bentuk daftar",
                    ),
                    right=1,
                    because=(
                        "Teks baru mencampur perubahan yang perlu, yang tidak perlu, dan yang "
                        "mengubah arti."
                    ),
                ),
                Question(
                    "medium",
                    (
                        'Model mengusulkan "Dana segera cair" sebagai ganti "Dana belum cair". '
                        "Apa masalahnya?"
                    ),
                    (
                        "Kalimatnya menjadi kurang resmi",
                        'Kata "segera" tidak baku',
                        "Suntingan gaya mengubah keterangan menjadi janji",
                    ),
                    right=2,
                    because=(
                        '"Belum" menyatakan keadaan, "segera" menjanjikan sesuatu. Penerima dapat '
                        "merencanakan sesuatu berdasarkan janji itu."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Merangkum tanpa Menghilangkan yang Penting",
            description=(
                "Ringkasan adalah keputusan tentang apa yang boleh hilang; tentukan sendiri "
                "keputusannya."
            ),
            minutes=10,
            content="""
                    Setiap ringkasan membuang sesuatu. Bila Anda tidak mengatakan apa yang penting,
                    model memilih yang sering muncul, bukan yang berakibat besar.

                    ## Katakan apa yang dicari

                    Alih-alih "rangkum notulen ini", tulis: *Ambil keputusan, penanggung jawab, dan
                    tenggat. Catat keberatan meskipun hanya disebut sekali.* Keberatan yang disebut
                    sekali adalah jenis kalimat yang paling mudah hilang.

                    ## Minta jejak

                    Mintalah nomor paragraf atau kutipan pendek untuk setiap butir. Butir tanpa
                    jejak diperiksa lebih dulu. Untuk dokumen hukum, periksa khusus kata "kecuali",
                    "paling lambat", dan "tidak".

                    > Dari notulen bernomor paragraf ini, buat tabel: butir, jenis (keputusan,
                      tugas, syarat, atau keberatan), nomor paragraf, kutipan paling banyak sepuluh
                      kata. Salin kutipan persis. Jika jenisnya tidak jelas, tulis "tidak jelas".

                    Sebagian hasilnya:

                    | Butir | Jenis | Par. | Kutipan |
                    |---|---|---|---|
                    | Peluncuran 1 Maret | keputusan | 12 | "kita luncurkan 1 Maret" |
                    | Anggaran pusat | syarat | 31 | "asal pusat sudah setuju" |
                    | Uji beban oleh Dewi | tugas | 18 | "Dewi menyiapkan uji beban" |

                    Cari kutipannya dengan fitur pencarian di dokumen asli. Kutipan yang tidak
                    ditemukan bukan kutipan. Lalu baca paragraf sekitarnya: "asal pusat sudah
                    setuju" ternyata menyangkut butir pertama, jadi keputusan itu bersyarat. Tabel
                    yang semua barisnya benar masih dapat memisahkan dua hal yang seharusnya dibaca
                    bersama.

                    ## Uji balik

                    Berikan ringkasan kepada rekan yang tidak membaca aslinya, lalu tanyakan tiga
                    hal yang Anda tahu ada di sana. Jika ia salah menjawab, ringkasan itu belum
                    selesai.

                    Dokumen sangat panjang sebaiknya dirangkum per bab, lalu ringkasan bab dirangkum
                    lagi. Simpan ringkasan antaranya: di sanalah kesalahan dapat dilacak.

                    ## Contoh: notulen dua jam

                    Ringkasan pertama menyebut tiga keputusan dan suasana yang baik. Yang hilang:
                    satu orang menyebut izin gedung berakhir sebelum acara. Kalimat itu muncul
                    sekali, di menit ke-70. Setelah permintaan diubah menjadi "catat setiap syarat
                    dan keberatan", kalimat itu muncul di baris pertama, dan rapat berikutnya tidak
                    dimulai dengan kejutan.

                    ## Panjang yang tepat

                    Tentukan panjang dari pembacanya. Direktur yang akan memutuskan memerlukan
                    pilihan dan akibatnya. Rekan yang akan mengerjakan memerlukan rincian. Satu
                    ringkasan untuk keduanya biasanya gagal melayani keduanya; buat dua, dari
                    catatan yang sama.
                """,
            questions=(
                Question(
                    "medium",
                    "Kalimat jenis apa yang paling mudah hilang dari ringkasan?",
                    (
                        "Kalimat pembuka dan penutup rapat",
                        "Pendapat yang diulang beberapa orang",
                        "Keberatan yang disebut satu kali",
                    ),
                    right=2,
                    because=(
                        "Yang sering muncul cenderung terbawa. Keberatan tunggal dapat berakibat "
                        "besar, jadi mintalah secara khusus."
                    ),
                ),
                Question(
                    "easy",
                    "Apa guna nomor paragraf dan kutipan pada setiap butir?",
                    (
                        "Butirnya dapat dicari kembali di teks asli",
                        "Ringkasan tampak lebih resmi",
                        "Model lebih lengkap merangkum paragraf yang bernomor",
                    ),
                    right=0,
                    because=(
                        "Kutipan yang tidak ditemukan di teks asli menunjukkan butir yang harus "
                        "diperiksa lebih dulu."
                    ),
                ),
                Question(
                    "hard",
                    (
                        'Baris "Peluncuran 1 Maret" dan baris "asal pusat sudah setuju" keduanya '
                        "benar. Apa yang masih dapat keliru?"
                    ),
                    (
                        "Jumlah kata kutipannya berbeda",
                        "Pembaca tidak melihat bahwa yang kedua adalah syarat bagi yang pertama",
                        (
                            "Syarat tidak boleh dicantumkan dalam ringkasan yang hanya berisi "
                            "keputusan"
                        ),
                    ),
                    right=1,
                    because=(
                        "Butir yang terpisah kehilangan hubungannya. Keputusan bersyarat harus "
                        "ditulis bersama syaratnya."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Menganalisis dengan Bahan Sendiri",
            description=(
                "Pertanyaan yang baik, bahan yang lengkap, dan batas tegas antara temuan dan "
                "tafsiran."
            ),
            minutes=11,
            content="""
                    Model tidak tahu mengapa penjualan turun. Ia dapat membantu menyusun
                    kemungkinan, menemukan pola di bahan yang Anda berikan, dan menunjukkan apa yang
                    belum diketahui.

                    ## Pisahkan tiga kolom

                    Mintalah tabel: *temuan* (ada di bahan, dengan rujukan), *tafsiran* (kemungkinan
                    penjelasan), *yang perlu diperiksa*. Pemisahan ini mencegah dugaan berubah
                    menjadi fakta di halaman berikutnya.

                    ## Minta penjelasan tandingan

                    Setelah mendapat satu penjelasan, minta tiga lainnya yang cocok dengan bahan
                    yang sama, lalu bukti apa yang akan membedakannya. Bila tidak ada bukti pembeda,
                    Anda belum boleh memilih.

                    > Berdasarkan BAHAN, buat tabel: temuan (dengan nomor pesan), tafsiran, yang
                      perlu diperiksa. Untuk setiap tafsiran, beri satu tafsiran tandingan yang
                      cocok dengan temuan yang sama dan satu keterangan yang akan membedakan
                      keduanya. Jangan memberi rekomendasi.

                    Larangan di akhir disengaja. Rekomendasi yang datang terlalu awal membuat
                    pembaca berhenti memeriksa.

                    ## Hitungan di tempat lain

                    Serahkan aritmetika kepada lembar kerja. Model boleh menulis rumusnya. Bila
                    laporan menyebut "naik 12 persen", tuliskan kedua angka yang dibandingkan di
                    sebelahnya. Dari 50 menjadi 56 dan dari 5.000 menjadi 5.600 sama-sama 12 persen,
                    tetapi yang pertama dapat berubah karena satu hari hujan.

                    ## Contoh

                    Tiga cabang melaporkan keluhan naik. Bahannya 60 pesan, jam operasi, dan jadwal
                    cuti.

                    | Temuan | Tafsiran | Yang perlu diperiksa |
                    |---|---|---|
                    | 41 pesan: antrean sore | petugas kurang | petugas per jam, dua bulan |
                    | temuan yang sama | jam sekolah berubah | tanggal perubahan jam sekolah |
                    | 9 pesan: mesin antrean | mesin sering mati | catatan perbaikan mesin |

                    Dua baris pertama memakai temuan yang sama, tetapi menuntut tindakan yang
                    berbeda: menambah petugas, atau menggeser jam kerja. Tanpa kolom ketiga, rapat
                    akan merekrut orang sebelum membuka jadwal. Perhatikan juga angka 41 dari 60:
                    ini pesan yang masuk, bukan semua pelanggan. Orang yang antre lalu pulang tidak
                    menulis pesan.

                    Jangan percaya angka 41 begitu saja. Minta daftar nomor pesannya, buka lima
                    secara acak, dan hitung sendiri panjang daftarnya.

                    ## Menuliskan ketidaktahuan

                    Bagian tersulit dari analisis adalah mengakui apa yang tidak ada di bahan. Model
                    tidak akan mengakuinya bila tidak diminta. Tambahkan permintaan: *sebutkan tiga
                    keterangan yang, bila ada, paling mungkin mengubah kesimpulan ini.* Daftar itu
                    menjadi rencana kerja Anda. Bila salah satunya mudah dicari, carilah sebelum
                    rapat; bila tidak, sebutkan di dalam laporan supaya pembaca tahu seberapa kuat
                    pijakannya.
                """,
            questions=(
                Question(
                    "easy",
                    'Apa gunanya memisahkan kolom "temuan" dari kolom "tafsiran"?',
                    (
                        "Tabel menjadi lebih mudah disaring menurut cabang",
                        "Dugaan tidak terbaca sebagai fakta di halaman berikutnya",
                        "Tafsiran dapat dihapus sebelum laporan dikirim",
                    ),
                    right=1,
                    because=(
                        "Temuan mempunyai rujukan di bahan; tafsiran belum. Pembaca perlu melihat "
                        "bedanya."
                    ),
                ),
                Question(
                    "hard",
                    "Dua penjelasan cocok dengan temuan yang sama. Apa langkah berikutnya?",
                    (
                        "Memilih yang menurut model lebih mungkin",
                        "Menggabungkan keduanya menjadi satu rekomendasi yang aman bagi semua",
                        "Mencari keterangan yang cocok dengan satu dan tidak dengan yang lain",
                    ),
                    right=2,
                    because=(
                        "Temuan bersama tidak dapat memilih di antara keduanya. Hanya keterangan "
                        "pembeda yang dapat."
                    ),
                ),
                Question(
                    "medium",
                    "41 dari 60 pesan keluhan menyebut antrean sore. Apa yang boleh disimpulkan?",
                    (
                        "Antrean sore paling sering disebut di antara pesan yang masuk",
                        "Dua pertiga pelanggan terganggu oleh antrean sore",
                        "Jumlah petugas pada sore hari kurang untuk pelanggan yang datang",
                    ),
                    right=0,
                    because=(
                        "Pengirim pesan bukan contoh acak dari pelanggan, dan sebabnya tidak ada "
                        "di dalam hitungan itu."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Menyiapkan dan Menindaklanjuti Rapat",
            description=(
                "Agenda dengan keputusan, notulen yang disetujui, dan tindak lanjut yang "
                "benar-benar dikirim."
            ),
            minutes=9,
            content="""
                    Rapat buruk tidak menjadi baik karena notulennya otomatis. Gunakan AI sebelum
                    rapat lebih dulu.

                    ## Sebelum

                    Tempel undangan dan bahan, lalu tanyakan: *Keputusan apa yang dapat diambil dari
                    bahan ini, dan keterangan apa yang masih kurang?* Jika tidak ada keputusan,
                    mungkin rapatnya dapat menjadi surel.

                    ## Selama

                    Bila merekam, mintalah persetujuan semua peserta dan katakan di mana rekamannya
                    disimpan. Transkrip salah mendengar nama dan angka; tunjuk satu orang untuk
                    mencatat keputusan dengan tangan.

                    Rekaman suara dapat termasuk data pribadi. Cara yang sopan dan jelas: sampaikan
                    tujuan perekaman, siapa yang dapat mendengarnya, dan kapan dihapus; sediakan
                    jalan bagi yang keberatan.

                    ## Sesudah

                    Minta rancangan notulen dari catatan: keputusan, penanggung jawab, tenggat.
                    Kirim kepada peserta untuk dikoreksi dalam satu hari. Notulen yang belum
                    disetujui bukan notulen.

                    Rancangan pesan tindak lanjut boleh dibuat sekaligus, satu per penanggung jawab.
                    Kirim setelah Anda membaca masing-masing; pesan kepada orang yang salah lebih
                    merusak daripada pesan yang terlambat.

                    > Dari catatan di bawah, tulis satu pesan untuk tiap penanggung jawab: tugasnya,
                      tenggatnya, dan dari siapa ia menunggu bahan. Paling banyak 50 kata. Jika
                      tenggat tidak disebut di catatan, tulis [TENGGAT?] dan jangan menebak.

                    Pada satu rapat, dari enam pesan yang dihasilkan dua memuat [TENGGAT?]. Itu
                    bukan kekurangan model. Rapatnya memang tidak menetapkan tenggat, dan lebih baik
                    diketahui pada hari yang sama daripada dua minggu kemudian.

                    ## Daftar periksa notulen

                    - Setiap keputusan dapat dibaca sendiri, tanpa mengingat percakapannya.
                    - Setiap tugas mempunyai satu nama; "tim" bukan nama.
                    - Nama orang dan angka sudah dicocokkan dengan catatan tangan.
                    - Syarat ditulis di baris yang sama dengan keputusannya.

                    ## Contoh: rapat yang batal

                    Sebuah tim menempelkan bahan rapat bulanan dan menanyakan keputusan apa yang
                    tersedia. Jawabannya: tidak ada; semua butir hanya laporan. Mereka membatalkan
                    rapat, mengirim laporan tertulis, dan meminta pertanyaan masuk dalam dua hari.
                    Tiga pertanyaan datang, satu di antaranya memang layak dibahas. Bulan berikutnya
                    rapat hanya dua puluh menit, dengan satu butir.

                    ## Menjaga yang tidak tertulis

                    Ada hal yang tidak masuk notulen: siapa yang tampak lelah, siapa yang setuju
                    setengah hati. Tidak ada alat yang perlu mencatatnya. Namun Anda perlu
                    menanyakannya sesudah rapat, langsung kepada orangnya. Otomatisasi notulen
                    memberi waktu untuk itu; gunakan untuk itu.
                """,
            questions=(
                Question(
                    "easy",
                    "Pertanyaan apa yang paling berguna diajukan kepada model sebelum rapat?",
                    (
                        "Siapa saja yang sebaiknya berbicara lebih dulu?",
                        "Bagaimana ringkasan bahan ini dalam satu halaman untuk semua peserta?",
                        "Keputusan apa yang dapat diambil, dan keterangan apa yang kurang?",
                    ),
                    right=2,
                    because=(
                        "Jawabannya menunjukkan apakah rapat diperlukan, dan bahan apa yang harus "
                        "ada supaya tidak berakhir tanpa keputusan."
                    ),
                ),
                Question(
                    "medium",
                    "Kapan rancangan notulen dari AI menjadi notulen?",
                    (
                        "Setelah peserta mengoreksi dan menyetujuinya",
                        "Setelah dicocokkan dengan transkrip otomatis",
                        "Setelah pemimpin rapat menerimanya lewat surel",
                    ),
                    right=0,
                    because=(
                        "Transkrip dapat salah mendengar nama dan angka, jadi mencocokkan "
                        "dengannya tidak cukup. Yang mengesahkan adalah peserta."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Catatan rapat tidak menyebut tenggat sebuah tugas. Apa hasil terbaik "
                        "dari model?"
                    ),
                    (
                        "Tenggat satu minggu, karena lazim",
                        "Penanda bahwa tenggatnya belum ada",
                        "Pesan tanpa kalimat tentang tenggat",
                    ),
                    right=1,
                    because=(
                        "Tenggat karangan terbaca sebagai keputusan, dan kalimat yang hilang "
                        "tidak terlihat. Penanda membuat seseorang bertanya."
                    ),
                ),
            ),
        ),
    ),
)
